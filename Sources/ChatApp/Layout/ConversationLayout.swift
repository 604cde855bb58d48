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
    private(set) var bottom = Scroll.Position(entry: 0, line: 0)

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
        bottom = position(Scroll.Position(entry: count, line: 0), movedBy: -height)
    }

    /// The top line now.
    var top: Scroll.Position {
        switch scroll {
        // The welcome text starts at its beginning.
        case .following: isWelcome ? Scroll.Position(entry: 0, line: 0) : bottom
        case .at(let position): min(position, bottom)
        }
    }

    func shows(_ line: Scroll.Position) -> Bool { line >= top && line < position(top, movedBy: height) }

    /// The position `lines` lines further down, or up if negative, but not above the first line.
    func position(_ start: Scroll.Position, movedBy lines: Int) -> Scroll.Position {
        var position = start
        position.line += lines
        while position.line < 0 {
            guard position.entry > 0 else { return Scroll.Position(entry: 0, line: 0) }
            position.entry -= 1
            position.line += self.lines(of: position.entry).count
        }
        while position.entry < count {
            let own = self.lines(of: position.entry).count
            if position.line < own { break }
            position.line -= own
            position.entry += 1
        }
        return position
    }

    /// A visible line and its position.
    struct Row {
        var position: Scroll.Position
        var line: StyledLine
    }

    /// The visible lines.
    var visible: [Row] {
        var position = top
        var result: [Row] = []
        while result.count < height, position.entry < count {
            let lines = lines(of: position.entry).dropFirst(position.line).prefix(height - result.count)
            for (offset, line) in lines.enumerated() {
                result.append(
                    Row(position: Scroll.Position(entry: position.entry, line: position.line + offset), line: line))
            }
            position = Scroll.Position(entry: position.entry + 1, line: 0)
        }
        return result
    }

    /// The scroll state that shows a position at the top.
    func scroll(to position: Scroll.Position) -> Scroll {
        position >= bottom && !isWelcome ? .following : .at(min(position, bottom))
    }

    /// The entries whose first line is visible, or the entry that fills the window if there are none.
    var visibleEntries: Range<Int> {
        let top = self.top
        let end = position(top, movedBy: height - 1)
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
