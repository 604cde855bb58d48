import Chat
import TUI

/// Two branches side by side, each from one alternative of a message on.
struct ComparePanel: Panel {
    struct Side: Sendable {
        /// The message it begins with.
        var first: Message.ID
        var scroll = Scroll.at(Scroll.Position(entry: 0, line: 0))
    }

    /// Two.
    private(set) var sides: [Side]
    /// The side that keys act on.
    private(set) var focus = 0

    init(_ first: Message.ID, _ second: Message.ID) { sides = [Side(first: first), Side(first: second)] }

    var kind: PanelKind { .comparison }

    // MARK: Keys and mouse

    enum Action: Hashable, Sendable {
        case switchSide
        /// Shows another alternative on this side.
        case alternative(Int)
        case show
    }

    fileprivate static let keys: [KeyRow] = [
        KeyRow(.compare, [.tab], .own(Action.switchSide), "switch the active side"),
        KeyRow.click(.compare, "switch the active side"),
        KeyRow(.compare, [.left], .own(Action.alternative(-1)), "previous alternative, on this side"),
        KeyRow(.compare, [.right], .own(Action.alternative(1)), "next alternative, on this side"),
        KeyRow(.compare, [.enter], .own(Action.show), "continue with this branch"),
        KeyRow(.compare, [.up, "k"], .movePanel(.row(-1)), "line up"),
        KeyRow(.compare, [.down, "j"], .movePanel(.row(1)), "line down"),
        KeyRow(.compare, [.wheelUp], .movePanel(.scroll(-3)), "three lines up"),
        KeyRow(.compare, [.wheelDown], .movePanel(.scroll(3)), "three lines down"),
        KeyRow(.compare, [.pageUp, "b"], .movePanel(.page(-1)), "page up"),
        KeyRow(.compare, [.pageDown, " "], .movePanel(.page(1)), "page down"),
        KeyRow(.compare, [.home, "g"], .movePanel(.first), "beginning"),
        KeyRow(.compare, [.end, "G"], .movePanel(.last), "end"),
    ]

    mutating func handle(_ action: Action, in state: inout AppState) -> [Effect] {
        let first = sides[focus].first
        switch action {
        case .switchSide: focus = 1 - focus
        case .alternative(let step):
            let siblings = state.session.record.conversation.siblings(of: first).map(\.id)
            let index = siblings.firstIndex(of: first) ?? 0
            let count = siblings.count
            if count > 1 { sides[focus] = Side(first: siblings[(index + step + count) % count]) }
        case .show:
            state.screen.panels.removeAll()
            return state.showBranch(through: first)
        }
        return []
    }

    mutating func move(_ move: PanelMove, in state: inout AppState) -> [Effect] {
        let step: ScrollStep = if case .row(let rows) = move { .lines(rows) } else { move.scrollStep ?? .lines(0) }
        let area = CompareLayout(state.screen.size).columns[focus]
        sides[focus].scroll = ConversationLayout(state, side: sides[focus], area: area).scrolled(step)
        return []
    }

    /// A click on a side makes it the active one.
    mutating func click(at point: Point, in state: inout AppState) -> [Effect] {
        let layout = CompareLayout(state.screen.size)
        let side = layout.columns.indices.first {
            layout.columns[$0].contains(point) || layout.titles[$0].contains(point)
        }
        if let side { focus = side }
        return []
    }

    // MARK: Screen

    /// It covers the whole screen.
    var shape: PanelLayout.Shape? { nil }
    func content(_ state: AppState) -> PanelContent? { nil }
    func draw(_ state: AppState, on surface: inout Surface) { CompareView.draw(self, state, on: &surface) }

    // MARK: Plain mode

    func plainLines(_ state: AppState) -> PlainPanel? {
        var lines: [String] = []
        for side in sides {
            let siblings = state.session.record.conversation.siblings(of: side.first)
            let index = siblings.firstIndex { $0.id == side.first } ?? 0
            lines.append("Alternative \(index + 1) of \(siblings.count):")
            for message in state.branch(from: side.first).compactMap({ state.session.record.conversation[$0] }) {
                lines.append("\(state.speaker(of: message)): \(message.content)")
            }
        }
        lines.append("/branch lists all branches and switches to one.")
        return PlainPanel(text: lines.joined(separator: "\n"))
    }
}

extension PanelKind {
    /// Opened for two messages, by `AppState.openComparison`.
    static let comparison: PanelKind = .init(name: "comparison", context: .compare, keys: ComparePanel.keys)
}

extension KeyContext {
    fileprivate static let compare = KeyContext(name: "compare", isPanel: true)
}

extension KeyRow.Group {
    fileprivate static let compare = KeyRow.Group("Comparison", in: .compare)
}

extension AppState {
    /// `/compare [N]`: the Nth message and its next alternative; by default, the last message that has one.
    mutating func compare(_ number: String) throws(CommandError) -> [Effect] {
        let last = session.transcript.entries.last { $0.alternatives > 1 }?.id
        guard let id = try session.message(numbered: number)?.id ?? last else {
            throw CommandError("No message here has an alternative. /regen and /edit create one")
        }
        openComparison(of: id)
        return []
    }

    /// Opens two branches side by side; by default, the message's next alternative is the second.
    mutating func openComparison(of id: Message.ID, with other: Message.ID? = nil) {
        let siblings = session.record.conversation.siblings(of: id).map(\.id)
        let index = siblings.firstIndex(of: id) ?? 0
        guard let other = other ?? (siblings.count > 1 ? siblings[(index + 1) % siblings.count] : nil) else {
            return notify(.info, "This message has no alternative to compare it with")
        }
        screen.panels.push(ComparePanel(id, other))
    }

    /// The messages of one side: of the shown branch if the message is on it, else of the branch through the message
    /// that was continued last.
    fileprivate func branch(from first: Message.ID) -> [Message.ID] {
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
