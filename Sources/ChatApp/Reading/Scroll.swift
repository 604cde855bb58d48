import TUI

/// Which part of the conversation is shown.
enum Scroll: Sendable, Equatable {
    /// The end, also as text arrives.
    case following
    /// A position that stays while text arrives.
    case at(Position)

    /// The line at the top: an entry of the transcript and one of its lines.
    struct Position: Sendable, Equatable, Comparable {
        var entry: Int
        var line: Int

        static func < (a: Position, b: Position) -> Bool { (a.entry, a.line) < (b.entry, b.line) }
    }
}

enum ScrollStep: Sendable, Equatable {
    case lines(Int)
    case page(Int)
    case top, bottom
}

extension ConversationLayout {
    /// What is shown after a step.
    func scrolled(_ step: ScrollStep) -> Scroll {
        let target: Scroll.Position
        switch step {
        case .top: target = Scroll.Position(entry: 0, line: 0)
        case .bottom: target = bottom
        // At most the window's height, so that no line is skipped.
        case .lines(let count): target = position(top, movedBy: max(-height, min(count, height)))
        // A line of the old page stays visible for orientation.
        case .page(let pages): target = position(top, movedBy: pages * max(1, height - 1))
        }
        return scroll(to: target)
    }
}

extension AppState {
    mutating func scroll(_ step: ScrollStep) { reading.scroll = ConversationLayout(self).scrolled(step) }

    /// Scrolls to a line if it is not visible, so that it is in the upper third.
    mutating func revealLine(_ line: Scroll.Position) {
        let view = ConversationLayout(self)
        if view.shows(line) { return }
        let target = view.position(line, movedBy: -view.height / 3)
        reading.scroll = target >= view.bottom ? .following : .at(target)
    }

    /// Scrolls no further than needed to make an entry visible; of one that is higher than the window, its beginning.
    mutating func revealEntry(_ entry: Int) {
        let view = ConversationLayout(self)
        let start = Scroll.Position(entry: entry, line: 0)
        // The blank line after a message need not be visible.
        let end = Scroll.Position(entry: entry, line: view.lineCount(of: entry) - 1)
        if start < view.top || view.lineCount(of: entry) > view.height {
            reading.scroll = start >= view.bottom ? .following : .at(start)
        } else if end > view.position(view.top, movedBy: view.height) {
            let top = view.position(end, movedBy: -view.height)
            reading.scroll = top >= view.bottom ? .following : .at(top)
        }
    }

    /// Adapts to a new size. The line at the top stays there, and a match that was visible stays visible.
    mutating func resize(to size: Size) {
        let match = reading.search?.current?.position?.line
        let followsMatch = match.map(ConversationLayout(self).shows) ?? false
        if case .at(var position) = reading.scroll, size.width != screen.size.width {
            let before = ConversationLayout(self).lineCount(of: position.entry)
            screen.size = size
            position.line = position.line * ConversationLayout(self).lineCount(of: position.entry) / max(1, before)
            reading.scroll = .at(position)
        }
        screen.size = size
        locateMatch()
        if followsMatch, let line = reading.search?.current?.position?.line { revealLine(line) }
    }
}
