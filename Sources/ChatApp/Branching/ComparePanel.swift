import Chat
import TUI

/// Two branches side by side, each from an alternative on.
struct ComparePanel: Sendable {
    struct Side: Sendable {
        /// The message it begins with.
        var first: Message.ID
        var scroll = Scroll.at(Scroll.Place(entry: 0, line: 0))
    }

    /// Two.
    var sides: [Side]
    /// The side that keys are for.
    var focus = 0
}

enum CompareAction: Sendable, Equatable {
    case scroll(ScrollStep)
    case otherSide
    /// Another alternative on this side.
    case alternative(Int)
    case show
}

extension AppState {
    /// `/compare [N]`: the Nth message and its next alternative; the last one that has some where no number is given.
    mutating func compare(_ number: String) throws(CommandError) -> [Effect] {
        let last = session.transcript.entries.last { $0.alternatives > 1 }?.id
        guard let id = try session.message(numbered: number)?.id ?? last else {
            throw CommandError("no message here has an alternative; /regen and /edit make one")
        }
        return compare(id, with: nil)
    }

    /// One side of a comparison: the shown branch where it goes through this message, else to where that branch was
    /// written to last.
    func branch(from first: Message.ID) -> [Message.ID] {
        let conversation = session.record.conversation
        let isShown = session.transcript.position(of: first) != nil
        var path: [Message.ID] = []
        var next = isShown ? conversation.head : conversation.latestLeaf(below: first)
        while let id = next {
            path.append(id)
            next = id == first ? nil : conversation[id]?.parent
        }
        return path.reversed()
    }

    /// Opens two branches side by side; without another message, with the next alternative.
    mutating func compare(_ id: Message.ID, with other: Message.ID?) -> [Effect] {
        let siblings = session.record.conversation.siblings(of: id).map(\.id)
        let place = siblings.firstIndex(of: id) ?? 0
        guard let other = other ?? (siblings.count > 1 ? siblings[(place + 1) % siblings.count] : nil) else {
            notify(.info, "this message has no alternative to compare it with")
            return []
        }
        screen.panel = .compare(ComparePanel(sides: [.init(first: id), .init(first: other)]))
        return []
    }

    /// A click on a side makes it the one that keys are for.
    mutating func click(_ point: Point, in compare: ComparePanel) {
        var compare = compare
        let layout = CompareLayout(screen.size)
        guard
            let side = layout.columns.indices.first(where: {
                layout.columns[$0].contains(point) || layout.titles[$0].contains(point)
            })
        else { return }
        compare.focus = side
        screen.panel = .compare(compare)
    }

    mutating func perform(_ action: CompareAction) -> [Effect] {
        guard case .compare(var compare) = screen.panel else { return [] }
        let side = compare.sides[compare.focus]
        switch action {
        case .scroll(let step):
            let areas = CompareLayout(screen.size).columns
            let layout = ConversationLayout(self, side: side, area: areas[compare.focus])
            compare.sides[compare.focus].scroll = layout.scrolled(step)
        case .otherSide: compare.focus = 1 - compare.focus
        case .alternative(let step):
            let siblings = session.record.conversation.siblings(of: side.first).map(\.id)
            let place = siblings.firstIndex(of: side.first) ?? 0
            let count = max(1, siblings.count)
            if count > 1 { compare.sides[compare.focus] = .init(first: siblings[(place + step + count) % count]) }
        case .show:
            screen.panel = nil
            return showBranch(through: side.first)
        }
        screen.panel = .compare(compare)
        return []
    }
}

extension ConversationLayout {
    /// One side of a comparison.
    init(_ state: AppState, side: ComparePanel.Side, area: Rect) {
        let conversation = state.session.record.conversation
        let entries = state.branch(from: side.first).map { id in
            let siblings = conversation.siblings(of: id)
            return Transcript.Entry(
                id: id, alternative: (siblings.firstIndex { $0.id == id } ?? 0) + 1, alternatives: siblings.count)
        }
        self.init(state, entries: entries, area: area, scroll: side.scroll, layouts: state.screen.sideLayouts)
    }
}

/// Where two branches stand: columns, or one above the other where the window is narrow.
struct CompareLayout {
    /// The lines over each side, with its name.
    let titles: [Rect]
    let columns: [Rect]
    let foot: Rect
    /// Between columns; nil where one is above the other.
    let divider: Rect?

    init(_ size: Size) {
        let height = size.height - 1
        foot = Rect(x: 0, y: height - 1, width: size.width, height: 1)
        if size.width >= 60 {
            let left = (size.width - 1) / 2
            let right = Rect(x: left + 1, y: 0, width: size.width - left - 1, height: 1)
            titles = [Rect(x: 0, y: 0, width: left, height: 1), right]
            divider = Rect(x: left, y: 0, width: 1, height: height)
        } else {
            titles = [0, (height - 1) / 2].map { Rect(x: 0, y: $0, width: size.width, height: 1) }
            divider = nil
        }
        let ends = divider == nil ? [titles[1].y, foot.y] : [foot.y, foot.y]
        columns = zip(titles, ends).map { title, end in
            Rect(x: title.x + 1, y: title.y + 1, width: title.width - 2, height: end - title.y - 1)
        }
    }
}
