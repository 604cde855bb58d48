import TUI

/// What the input's box shows: the draft, or the search in what was sent before.
struct InputContent {
    var rows: [StyledLine]
    /// In the box.
    var cursor: Point
    /// Whether there is more above and below the box.
    var hasAbove = false
    var hasBelow = false

    /// Rows that are wanted, up to `limit`.
    static func rowCount(_ state: AppState, width: Int, limit: Int) -> Int {
        guard let search = state.composer.historySearch else {
            return EditorLayout.rowCount(of: state.composer.input, width: width, limit: limit)
        }
        return rows(of: search, state, Size(width: width, height: limit)).count
    }

    init(_ state: AppState, _ size: Size) {
        if let search = state.composer.historySearch {
            rows = Self.rows(of: search, state, size)
            // After the query, which what was found may follow.
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

    /// The query, and below it (beside it where there is but one row) the entry that was found.
    private static func rows(of search: HistorySearch, _ state: AppState, _ size: Size) -> [StyledLine] {
        var first = StyledLine(size.width < 30 ? "" : "search what was sent: ", .muted)
        // The end of a long query is what one is typing.
        first.append(String(search.query.suffix(max(4, size.width - first.width - 1))), .input)
        guard let found = search.found else {
            var none = first
            none.append("  nothing holds this", .warning)
            return [none.width <= size.width ? none : first]
        }
        let entry = excerpt(of: state.composer.history.entries[found], around: search.query)
        let lines = entry.flatMap { Wrapping.wrap($0, width: size.width, indent: 0) }
        // The row with the match is in sight.
        let matched = lines.firstIndex { $0.spans.contains { $0.role == .match } } ?? 0
        guard size.height > 1 else {
            let room = size.width - first.width - 3
            if room >= 4 { first.append(" · \(Wrapping.truncate(lines[matched].text, width: room))", .muted) }
            return [first]
        }
        let start = max(0, min(matched - (size.height - 1) / 2, lines.count - (size.height - 1)))
        return [first] + lines[start...].prefix(size.height - 1)
    }

    /// The part of an entry around the match, by lines, with the match marked.
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
