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
    case message(Int)
    case top, bottom
}

extension AppState {
    mutating func scroll(_ step: ScrollStep) {
        let view = ConversationLayout(self)
        let top = view.top
        let target: Scroll.Place
        switch step {
        case .top: target = Scroll.Place(entry: 0, line: 0)
        case .bottom:
            scroll = .following
            return
        case .lines(let count): target = view.place(top, movedBy: count)
        // A line of the old page stays in sight, so that the eye finds its place.
        case .page(let pages): target = view.place(top, movedBy: pages * max(1, view.height - 1))
        case .message(let count):
            let next = count < 0 && top.line > 0 ? top.entry : top.entry + count
            target = Scroll.Place(entry: max(0, next), line: 0)
        }
        scroll = target >= view.bottom ? .following : .at(target)
    }
}
