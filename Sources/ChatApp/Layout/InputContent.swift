import TUI

/// The contents of the input box: the draft, or the search in the message history.
struct InputContent {
    var rows: [StyledLine]
    /// Relative to the box.
    var cursor: Point
    /// Whether there are more rows above and below the box.
    var hasAbove = false
    var hasBelow = false

    /// The number of rows needed, up to `limit`.
    static func rowCount(_ state: AppState, width: Int, limit: Int) -> Int {
        guard let search = state.composer.historySearch else {
            return EditorLayout.rowCount(of: state.composer.input, width: width, limit: limit)
        }
        return rows(of: search, state, Size(width: width, height: limit)).count
    }

    init(_ state: AppState, _ size: Size) {
        if let search = state.composer.historySearch {
            rows = Self.rows(of: search, state, size)
            // After the query; the entry that was found may follow it.
            let end = rows[0].spans.lastIndex { $0.role == .input } ?? 0
            let query = StyledLine(Array(rows[0].spans[...end])).width
            cursor = Point(x: min(query, size.width - 1), y: 0)
            return
        }
        let editor = EditorLayout(state.composer.input, size: size)
        rows = editor.rows.map { StyledLine($0, .input) }
        cursor = editor.cursor
        hasAbove = editor.hasAbove
        hasBelow = editor.hasBelow
    }

    /// The query, and below it (or after it, if there is only one row) the entry that was found.
    private static func rows(of search: HistorySearch, _ state: AppState, _ size: Size) -> [StyledLine] {
        var first = StyledLine(size.width < 30 ? "" : "search history: ", .muted)
        // The end of a long query is where the user is typing.
        first.append(String(search.query.suffix(max(4, size.width - first.width - 1))), .input)
        guard let found = search.found else {
            var none = first
            none.append("  no match", .warning)
            return [none.width <= size.width ? none : first]
        }
        let entry = excerpt(of: state.composer.history.entries[found], around: search.query)
        let lines = entry.flatMap { Wrapping.wrap($0, width: size.width, indent: 0) }
        // The row with the match stays visible.
        let matched = lines.firstIndex { $0.spans.contains { $0.role == .match } } ?? 0
        guard size.height > 1 else {
            let room = size.width - first.width - 3
            if room >= 4 { first.append(" · \(Wrapping.truncate(lines[matched].text, width: room))", .muted) }
            return [first]
        }
        let start = max(0, min(matched - (size.height - 1) / 2, lines.count - (size.height - 1)))
        return [first] + lines[start...].prefix(size.height - 1)
    }

    /// The lines of an entry around the match, with the match marked.
    private static func excerpt(of entry: String, around query: String) -> [StyledLine] {
        let reach = 2000
        let match = InputHistory.range(of: query, in: entry) ?? 0..<0
        let start = max(0, match.lowerBound - reach)
        var lines = [StyledLine()]
        for (offset, character) in entry.dropFirst(start).prefix(match.count + 2 * reach).enumerated() {
            if character.isNewline {
                lines.append(StyledLine())
            } else {
                lines[lines.count - 1].append(String(character), match.contains(start + offset) ? .match : .input)
            }
        }
        return lines
    }
}
