import TUI

/// Which part of the conversation is shown.
enum Scroll: Sendable, Equatable {
    /// The end, also as text arrives.
    case following
    /// A place that stays while text arrives.
    case at(Place)

    /// The line at the top: of which entry of the transcript, and which of its lines.
    struct Place: Sendable, Equatable, Comparable {
        var entry: Int
        var line: Int

        static func < (a: Place, b: Place) -> Bool { (a.entry, a.line) < (b.entry, b.line) }
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
        let target: Scroll.Place
        switch step {
        case .top: target = Scroll.Place(entry: 0, line: 0)
        case .bottom: target = bottom
        // Where three lines are more than the window has, none is passed over.
        case .lines(let count): target = place(top, movedBy: max(-height, min(count, height)))
        // A line of the old page stays in sight, so that the eye finds its place.
        case .page(let pages): target = place(top, movedBy: pages * max(1, height - 1))
        }
        return scroll(to: target)
    }
}

extension AppState {
    mutating func scroll(_ step: ScrollStep) { reading.scroll = ConversationLayout(self).scrolled(step) }

    /// Moves the window so that a line is in sight; one that was not comes to stand in the upper third.
    mutating func reveal(_ line: Scroll.Place) {
        let view = ConversationLayout(self)
        if view.shows(line) { return }
        let target = view.place(line, movedBy: -view.height / 3)
        reading.scroll = target >= view.bottom ? .following : .at(target)
    }

    /// Takes a new size; what was at the top stays there, and a match that was in sight stays in sight.
    mutating func resize(to size: Size) {
        let match = reading.search?.current?.place?.line
        let followsMatch = match.map(ConversationLayout(self).shows) ?? false
        if case .at(var place) = reading.scroll, size.width != self.screen.size.width {
            let before = ConversationLayout(self).lineCount(of: place.entry)
            self.screen.size = size
            place.line = place.line * ConversationLayout(self).lineCount(of: place.entry) / max(1, before)
            reading.scroll = .at(place)
        }
        self.screen.size = size
        locateMatch()
        if followsMatch, let line = reading.search?.current?.place?.line { reveal(line) }
    }

    /// Moves the window so that an entry is in sight, no further than needed; of one that is higher than the window,
    /// its beginning.
    mutating func reveal(_ entry: Int) {
        let view = ConversationLayout(self)
        let start = Scroll.Place(entry: entry, line: 0)
        // The blank line after a message need not be seen.
        let end = Scroll.Place(entry: entry, line: view.lineCount(of: entry) - 1)
        if start < view.top || view.lineCount(of: entry) > view.height {
            reading.scroll = start >= view.bottom ? .following : .at(start)
        } else if end > view.place(view.top, movedBy: view.height) {
            let top = view.place(end, movedBy: -view.height)
            reading.scroll = top >= view.bottom ? .following : .at(top)
        }
    }
}
