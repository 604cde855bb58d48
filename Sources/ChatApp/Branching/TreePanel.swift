import Chat
import TUI

/// The tree of all messages, to go to any of them.
struct TreePanel: Sendable {
    private(set) var tree: ConversationTree
    var selected: Message.ID?
    /// The one to be compared with another.
    var marked: Message.ID?
    private var window = RowWindow()
    /// While the whole message is read, in the place of the rows.
    var details: ReadingWindow?

    init(_ state: AppState) {
        tree = ConversationTree(state.session.record.conversation)
        selected = state.reading.selection ?? state.session.record.conversation.head
    }

    /// The tree as it is now: made anew only where messages came or went.
    fileprivate func rows(_ state: AppState) -> [ConversationTree.Row] {
        let conversation = state.session.record.conversation
        return tree.isCurrent(conversation) ? tree.rows : ConversationTree(conversation).rows
    }

    mutating func refresh(_ state: AppState) {
        let conversation = state.session.record.conversation
        if !tree.isCurrent(conversation) { tree = ConversationTree(conversation) }
    }

    private func place(in rows: [ConversationTree.Row]) -> Int { rows.firstIndex { $0.id == selected } ?? 0 }

    /// The first row in sight.
    fileprivate func top(_ rows: [ConversationTree.Row], height: Int) -> Int {
        window.top(place(in: rows), count: rows.count, height: height)
    }

    fileprivate mutating func select(_ row: Int, height: Int) {
        let rows = tree.rows
        let before = place(in: rows), after = max(0, min(row, rows.count - 1))
        window.follow(from: before, to: after...after, count: rows.count, height: height)
        selected = rows[after].id
        if details != nil { details = ReadingWindow() }
    }

    fileprivate mutating func scroll(_ lines: Int, height: Int) {
        let rows = tree.rows
        let place = place(in: rows)
        let shown = window.scroll(lines, place, count: rows.count, height: height)
        selected = rows[max(shown.lowerBound, min(place, shown.upperBound - 1))].id
    }
}

enum TreeAction: Sendable, Equatable {
    case move(Int), page(Int), first, last
    /// The window over the rows so many further down.
    case scroll(Int)
    /// The alternative before or after.
    case alternative(Int)
    case show, mark, compare, delete, undoDelete
}

extension AppState {
    mutating func perform(_ action: TreeAction) -> [Effect] {
        guard case .tree(var tree) = screen.panel else { return [] }
        tree.refresh(self)
        let rows = tree.tree.rows
        guard !rows.isEmpty else { return action == .undoDelete ? undoDelete() : [] }
        let place = rows.firstIndex { $0.id == tree.selected } ?? 0
        let height = tree.areas(screen.size).rows.height
        let page = max(1, height - 1)
        func select(_ row: Int) { tree.select(row, height: height) }
        let selected = rows[place].id
        switch action {
        case .move(let step): select(place + step)
        case .page(let step): select(place + step * page)
        case .first: select(0)
        case .last: select(rows.count - 1)
        case .scroll(let lines): tree.scroll(lines, height: height)
        case .alternative(let step):
            let siblings = session.record.conversation.siblings(of: selected).map(\.id)
            let index = siblings.firstIndex(of: selected) ?? 0
            let wanted = siblings[max(0, min(index + step, siblings.count - 1))]
            select(rows.firstIndex { $0.id == wanted } ?? place)
        case .mark: tree.marked = tree.marked == selected ? nil : selected
        case .compare: return compare(selected, with: tree.marked == selected ? nil : tree.marked)
        case .show:
            screen.panel = nil
            return showBranch(through: selected)
        case .delete:
            let effects = deleteMessage(selected)
            tree.refresh(self)
            let isGone = session.record.conversation[selected] == nil
            if isGone { tree.selected = tree.tree.rows.isEmpty ? nil : tree.tree.rows[max(0, place - 1)].id }
            screen.panel = .tree(tree)
            return effects
        case .undoDelete: return undoDelete()
        }
        screen.panel = .tree(tree)
        return []
    }

    /// A click selects a message, and a second one shows it.
    mutating func click(_ point: Point, in tree: TreePanel) -> [Effect] {
        guard let row = tree.row(at: point, self) else { return [] }
        var tree = tree
        tree.refresh(self)
        if tree.tree.rows[row].id == tree.selected { return perform(TreeAction.show) }
        tree.select(row, height: tree.areas(screen.size).rows.height)
        screen.panel = .tree(tree)
        return []
    }
}

extension TreePanel {
    func content(_ state: AppState) -> PanelContent {
        let rows = rows(state)
        let areas = areas(state.screen.size)
        let messages = MessageLines(state: state, layouts: state.screen.sideLayouts, width: areas.rows.width)
        let shown = selected.flatMap { state.session.record.conversation[$0] }
        var preview: [StyledLine]?
        if let shown, let area = areas.preview {
            preview = MessageLines(state: state, layouts: state.screen.sideLayouts, width: area.width).body(of: shown)
        }
        let lines = PanelRows(count: rows.count) { line(for: rows[$0], state, messages, width: areas.rows.width) }
        return PanelContent(
            title: "Branches · \(Format.count(rows.count, "message"))",
            rows: rows.isEmpty ? PanelRows([StyledLine("nothing has been said yet", .muted)]) : lines,
            selected: rows.isEmpty ? nil : place(in: rows), top: top(rows, height: areas.rows.height), preview: preview,
            footer: .keys(
                [
                    KeyHint(.enter, "shows"), "←→ alternatives", KeyHint(" ", "marks"), KeyHint("s", "compares"),
                    KeyHint("d", "deletes"), .closes,
                ], isWhole: preview != nil))
    }

    /// The whole of the selected message.
    func detailPage(_ state: AppState, width: Int) -> PanelContent {
        let messages = MessageLines(state: state, layouts: state.screen.sideLayouts, width: width)
        let message = selected.flatMap { state.session.record.conversation[$0] }
        return PanelContent(
            title: message.map(messages.speaker) ?? "Branches",
            rows: PanelRows(message.map { messages.body(of: $0) } ?? []),
            footer: .keys([.goesBack, KeyHint(.enter, "shows"), "↑↓ others"]))
    }

    fileprivate func areas(_ size: Size) -> PanelAreas { PanelAreas(PanelLayout(size), hasPreview: true) }

    /// The row at a point of the screen; nil beside the rows.
    fileprivate func row(at point: Point, _ state: AppState) -> Int? {
        let area = areas(state.screen.size).rows
        let rows = rows(state)
        let row = top(rows, height: area.height) + point.y - area.y
        return area.contains(point) && rows.indices.contains(row) ? row : nil
    }

    /// The speaker, how the message begins, and at the right which alternative it is.
    private func line(
        for row: ConversationTree.Row, _ state: AppState, _ messages: MessageLines, width: Int
    ) -> StyledLine {
        guard let message = state.session.record.conversation[row.id] else { return StyledLine() }
        var line = StyledLine(row.prefix, .rule)
        line.append(row.id == marked ? "◆ " : row.isShown ? "● " : "○ ", row.isShown ? .accent : .muted)
        line.append(
            Wrapping.truncate(messages.speaker(of: message), width: max(4, width / 4)),
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
}
