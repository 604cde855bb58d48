import Chat
import TUI

/// The tree of all messages, to go to any branch.
struct TreePanel: Panel {
    private var tree: ConversationTree
    private var selected: Message.ID?
    /// The message to compare with another.
    private var marked: Message.ID?
    private var window = RowWindow()
    var details: ReadingWindow?

    init(_ state: AppState) {
        tree = ConversationTree(state.session.record.conversation)
        selected = state.reading.selection ?? state.session.record.conversation.head
    }

    var kind: PanelKind { .branches }

    /// Computes the tree again if messages were added or removed.
    mutating func refresh(_ state: AppState, after event: AppEvent) { update(state) }

    private mutating func update(_ state: AppState) {
        let conversation = state.session.record.conversation
        if !tree.isCurrent(conversation) { tree = ConversationTree(conversation) }
    }

    private var rows: [ConversationTree.Row] { tree.rows }

    /// The row of the selected message.
    private var selectedRow: Int { rows.firstIndex { $0.id == selected } ?? 0 }

    private func top(height: Int) -> Int { window.top(selectedRow, count: rows.count, height: height) }

    private mutating func select(_ row: Int, height: Int) {
        selected = rows[window.select(row, from: selectedRow, count: rows.count, height: height)].id
        if details != nil { details = ReadingWindow() }
    }

    // MARK: Keys and mouse

    enum Action: Hashable, Sendable {
        /// Selects another alternative of the message.
        case alternative(Int)
        case show, mark, compare, delete, undoDelete
    }

    fileprivate static let keys: [KeyRow] = [
        KeyRow(.tree, [.enter], .own(Action.show), "show its branch"),
        KeyRow.click(.tree, "select; click again to show its branch"),
        KeyRow(.tree, [.up, "k"], .movePanel(.row(-1)), "row up"),
        KeyRow(.tree, [.down, "j"], .movePanel(.row(1)), "row down"),
        KeyRow(.tree, [.wheelUp], .movePanel(.scroll(-3)), "three lines up"),
        KeyRow(.tree, [.wheelDown], .movePanel(.scroll(3)), "three lines down"),
        KeyRow(.tree, [.pageUp], .movePanel(.page(-1)), "page up"),
        KeyRow(.tree, [.pageDown], .movePanel(.page(1)), "page down"),
        KeyRow(.tree, [.home, "g"], .movePanel(.first), "first message"),
        KeyRow(.tree, [.end, "G"], .movePanel(.last), "last message"),
        KeyRow(.tree, [.left], .own(Action.alternative(-1)), "previous alternative"),
        KeyRow(.tree, [.right], .own(Action.alternative(1)), "next alternative"),
        KeyRow(.tree, [" "], .own(Action.mark), "mark it, to compare it with another"),
        KeyRow(.tree, ["s"], .own(Action.compare), "compare with the marked message or the next alternative"),
        KeyRow(.tree, [.control("o")], .toggleDetails, "show the full message"),
        KeyRow(.tree, ["d"], .own(Action.delete), "delete it and everything after it"),
        KeyRow(.tree, ["u"], .own(Action.undoDelete), "undo the last deletion"),
        KeyRow.clickOutside(.tree),
    ]

    mutating func handle(_ action: Action, in state: inout AppState) -> [Effect] {
        update(state)
        guard !rows.isEmpty else { return action == .undoDelete ? state.undoDelete() : [] }
        let row = selectedRow
        let id = rows[row].id
        switch action {
        case .alternative(let step):
            let siblings = state.session.record.conversation.siblings(of: id).map(\.id)
            let index = siblings.firstIndex(of: id) ?? 0
            let wanted = siblings[max(0, min(index + step, siblings.count - 1))]
            select(rows.firstIndex { $0.id == wanted } ?? row, height: areas(state.screen.size).rows.height)
        case .mark: marked = marked == id ? nil : id
        case .compare: state.openComparison(of: id, with: marked == id ? nil : marked)
        case .show: return show(id, in: &state)
        case .delete:
            let effects = state.deleteMessage(id)
            update(state)
            let isGone = state.session.record.conversation[id] == nil
            if isGone { selected = rows.isEmpty ? nil : rows[max(0, row - 1)].id }
            return effects
        case .undoDelete: return state.undoDelete()
        }
        return []
    }

    mutating func move(_ move: PanelMove, in state: inout AppState) -> [Effect] {
        update(state)
        guard !rows.isEmpty else { return [] }
        let height = areas(state.screen.size).rows.height
        selected = rows[window.move(move, from: selectedRow, count: rows.count, height: height)].id
        if details != nil { details = ReadingWindow() }
        return []
    }

    /// A click selects a message, and a click on the selected one shows its branch.
    mutating func click(at point: Point, in state: inout AppState) -> [Effect] {
        update(state)
        let area = areas(state.screen.size).rows
        let row = top(height: area.height) + point.y - area.y
        guard area.contains(point), rows.indices.contains(row) else { return [] }
        if rows[row].id == selected { return show(rows[row].id, in: &state) }
        select(row, height: area.height)
        return []
    }

    private func show(_ id: Message.ID, in state: inout AppState) -> [Effect] {
        state.screen.panels.removeAll()
        return state.showBranch(through: id)
    }

    // MARK: Screen

    private func areas(_ size: Size) -> PanelAreas { PanelAreas(PanelLayout(size), hasPreview: true) }

    func content(_ state: AppState) -> PanelContent? {
        let areas = areas(state.screen.size)
        let shown = selected.flatMap { state.session.record.conversation[$0] }
        var preview: [StyledLine]?
        if let shown, let area = areas.preview {
            preview = MessageLines(state: state, layouts: state.screen.sideLayouts, width: area.width).body(of: shown)
        }
        let lines = PanelRows(count: rows.count) { line(for: rows[$0], state, width: areas.rows.width) }
        return PanelContent(
            title: "Branches · \(Format.count(rows.count, "message"))",
            rows: rows.isEmpty ? PanelRows([StyledLine("No messages yet", .muted)]) : lines,
            selected: rows.isEmpty ? nil : selectedRow, top: top(height: areas.rows.height), preview: preview,
            footer: .keys(
                [
                    KeyHint(.enter, "show"), "←→ alternative", KeyHint(" ", "mark"), KeyHint("s", "compare"),
                    KeyHint("d", "delete"), .close,
                ], isComplete: preview != nil))
    }

    /// The full text of the selected message.
    func detailContent(_ state: AppState, width: Int) -> PanelContent? {
        let messages = MessageLines(state: state, layouts: state.screen.sideLayouts, width: width)
        let message = selected.flatMap { state.session.record.conversation[$0] }
        return PanelContent(
            title: message.map(state.speaker) ?? "Branches",
            rows: PanelRows(message.map { messages.body(of: $0) } ?? []),
            footer: .keys([.back, KeyHint(.enter, "show"), "↑↓ previous/next"]))
    }

    /// The speaker, the beginning of the message, and at the right which alternative it is.
    private func line(
        for row: ConversationTree.Row, _ state: AppState, width: Int
    ) -> StyledLine {
        guard let message = state.session.record.conversation[row.id] else { return StyledLine() }
        var line = StyledLine(row.prefix, .rule)
        line.append(row.id == marked ? "◆ " : row.isShown ? "● " : "○ ", row.isShown ? .accent : .muted)
        line.append(
            Wrapping.truncate(state.speaker(of: message), width: max(4, width / 4)),
            message.role == .assistant ? .assistant : .user)
        line.append("  ", .text)
        let number = "\(row.alternative)/\(row.alternatives)"
        let details = row.alternatives > 1 ? [number] : []
        let room = width - line.width - (details.isEmpty ? 0 : number.count + 2)
        let beginning = message.content.prefix(400).split(whereSeparator: \.isNewline)
            .first { !$0.allSatisfy(\.isWhitespace) }
        line.append(Wrapping.truncate(String(beginning ?? ""), width: max(1, room)), row.isShown ? .text : .muted)
        return .justified(line, parts: details, role: .stats, width: width)
    }

    // MARK: Plain mode

    func plainLines(_ state: AppState) -> PlainPanel? {
        let conversation = state.session.record.conversation
        let choices = ConversationTree(conversation).rows.compactMap { row -> PlainChoice? in
            guard let message = conversation[row.id] else { return nil }
            let beginning =
                message.content.prefix(200).split(whereSeparator: \.isNewline).first.map(String.init) ?? "(no text)"
            let alternative = row.alternatives > 1 ? ", alternative \(row.alternative) of \(row.alternatives)" : ""
            return PlainChoice(
                line: "\(state.speaker(of: message)): \(beginning)\(alternative)\(row.isShown ? " (shown)" : "")",
                result: .choose(.message(row.id)))
        }
        return PlainPanel(title: "Messages of all branches", text: "No messages yet", choices: choices)
    }
}

extension PanelKind {
    static let branches: PanelKind = .init(
        name: "branches", key: .function(6), command: ("branch", ["tree"]), summary: "tree of all branches",
        context: .tree,
        keys: TreePanel.keys
    ) { state in
        state.screen.panels.push(TreePanel(state))
        return []
    }
}

extension KeyContext {
    fileprivate static let tree = KeyContext(name: "tree", isPanel: true)
}

extension KeyRow.Group {
    fileprivate static let tree = KeyRow.Group("Branches", in: .tree)
}
