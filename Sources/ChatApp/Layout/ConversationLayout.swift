import TUI

/// The conversation as one long column of lines, of which only the visible part is laid out.
struct ConversationLayout {
    let entries: [Transcript.Entry]
    private let messages: MessageLines
    private let scroll: Scroll
    /// The lines after the entries: a reply that has not begun, or the welcome text of an empty conversation.
    private let tail: [StyledLine]
    private let isWelcome: Bool
    let width: Int
    let height: Int
    /// The number of entries, plus one for `tail`.
    private let count: Int
    /// The top line when the end of the conversation is visible.
    private(set) var bottom = Scroll.Place(entry: 0, line: 0)

    /// The shown branch, scrolled as on the screen.
    init(_ state: AppState) {
        let waiting = state.session.reply.flatMap { reply in
            reply.message == nil && reply.parent == state.session.record.conversation.head ? reply : nil
        }
        self.init(
            state, entries: state.session.transcript.entries, waiting: waiting, area: ScreenLayout(state).conversation,
            scroll: state.reading.scroll, layouts: state.screen.layouts,
            isWelcome: state.session.transcript.entries.isEmpty && state.session.reply == nil)
    }

    init(
        _ state: AppState, entries: [Transcript.Entry], waiting: RunningReply? = nil, area: Rect, scroll: Scroll,
        layouts: LayoutCache, isWelcome: Bool = false
    ) {
        self.entries = entries
        self.scroll = scroll
        self.isWelcome = isWelcome
        messages = MessageLines(state: state, layouts: layouts, width: area.width)
        tail = isWelcome ? Welcome.lines(state, width: area.width) : waiting.map(messages.placeholder) ?? []
        width = area.width
        height = area.height
        count = entries.count + (tail.isEmpty ? 0 : 1)
        bottom = place(Scroll.Place(entry: count, line: 0), movedBy: -height)
    }

    /// The top line now.
    var top: Scroll.Place {
        switch scroll {
        // The welcome text starts at its beginning.
        case .following: isWelcome ? Scroll.Place(entry: 0, line: 0) : bottom
        case .at(let place): min(place, bottom)
        }
    }

    func shows(_ line: Scroll.Place) -> Bool { line >= top && line < place(top, movedBy: height) }

    /// The place a number of lines further down, or up if negative, but not above the first line.
    func place(_ start: Scroll.Place, movedBy lines: Int) -> Scroll.Place {
        var place = start
        place.line += lines
        while place.line < 0 {
            guard place.entry > 0 else { return Scroll.Place(entry: 0, line: 0) }
            place.entry -= 1
            place.line += self.lines(of: place.entry).count
        }
        while place.entry < count {
            let own = self.lines(of: place.entry).count
            if place.line < own { break }
            place.line -= own
            place.entry += 1
        }
        return place
    }

    /// A visible line and its place.
    struct Row {
        var place: Scroll.Place
        var line: StyledLine
    }

    /// The visible lines.
    var visible: [Row] {
        var place = top
        var result: [Row] = []
        while result.count < height, place.entry < count {
            let lines = lines(of: place.entry).dropFirst(place.line).prefix(height - result.count)
            for (offset, line) in lines.enumerated() {
                result.append(Row(place: Scroll.Place(entry: place.entry, line: place.line + offset), line: line))
            }
            place = Scroll.Place(entry: place.entry + 1, line: 0)
        }
        return result
    }

    /// The scroll position after moving to a place.
    func scroll(to place: Scroll.Place) -> Scroll {
        place >= bottom && !isWelcome ? .following : .at(min(place, bottom))
    }

    /// The entries whose first line is visible, or the entry that fills the window if there are none.
    var visibleEntries: Range<Int> {
        let top = self.top
        let end = place(top, movedBy: height - 1)
        let first = top.line > 0 && end.entry > top.entry ? top.entry + 1 : top.entry
        return first..<max(first, min(end.entry, count - 1)) + 1
    }

    /// An entry's lines below its headline.
    func body(of entry: Int) -> ArraySlice<StyledLine> { lines(of: entry).dropFirst() }

    func lineCount(of entry: Int) -> Int { lines(of: entry).count }

    /// How much is below the window, in words; nil at the end. Far from the end, messages are counted instead of lines,
    /// which would have to be laid out first.
    var below: String? {
        let top = self.top
        guard top < bottom else { return nil }
        let farthest = 200
        if bottom.entry - top.entry > farthest { return "↓ \(Format.count(bottom.entry - top.entry, "message")) below" }
        var lines = bottom.line - top.line
        for entry in top.entry..<bottom.entry { lines += self.lines(of: entry).count }
        return "↓ \(Format.count(lines, "line")) below"
    }

    private func lines(of entry: Int) -> [StyledLine] {
        if entries.indices.contains(entry) { return messages.lines(of: entries[entry]) }
        return tail
    }
}
