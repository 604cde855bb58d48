import Chat
import TUI

/// A list to choose from, which typing filters.
struct ListPanel: Panel {
    var source: ListSource
    var filter = TextEditor()
    /// A question that is answered in the line of the filter.
    var prompt: ListPrompt?
    /// Those that match the filter.
    private(set) var entries: [ListEntry] = []
    private(set) var selected = 0
    /// Until the user selects another entry, the one in use is: the list may be open before its entries are known.
    private var followsEntryInUse = true
    private var window = RowWindow()
    var details: ReadingWindow?
    /// Made for all entries, so that columns keep their widths while the list is filtered.
    private(set) var columns = ListColumns([])
    /// Those of the entries' cells.
    private(set) var cellColumns = CellColumns([], [])

    init(_ source: ListSource, filter: String = "") {
        self.source = source
        self.filter.setText(filter)
    }

    var kind: PanelKind { source.kind }
    var context: KeyContext { prompt == nil ? kind.context : .prompt }
    var shape: PanelLayout.Shape? { source.shape }

    var selectedEntry: ListEntry? { entries.indices.contains(selected) ? entries[selected] : nil }

    /// Lists again. The same entry stays selected if it is still there.
    mutating func reload(_ state: AppState) {
        let choice = selectedEntry?.choice
        let all = source.entries(state)
        if source.isTable { columns = ListColumns(all) }
        cellColumns = CellColumns(
            all.compactMap { entry in entry.cells.map { (entry.title, $0) } }, source.cellAlignments)
        entries = ListFilter(filter.text).narrow(all)
        if let findMore = source.findMore { entries += findMore(state, entries, filter.text) }
        selected = entries.firstIndex { $0.choice == choice } ?? min(selected, max(0, entries.count - 1))
        // A list to choose from starts there.
        if followsEntryInUse, filter.isEmpty, !source.isTable {
            selected = entries.firstIndex(where: \.isCurrent) ?? selected
        }
    }

    /// Lists again with another filter, from the top.
    private mutating func narrow(_ state: AppState, _ change: (inout TextEditor) -> Void) {
        let before = filter.text
        change(&filter)
        guard filter.text != before else { return }
        (selected, window, details, followsEntryInUse) = (0, RowWindow(), nil, false)
        entries = []
        reload(state)
    }

    /// Selects the entry with this index, or the nearest, and scrolls to it.
    mutating func select(_ index: Int, height: Int) {
        selected = window.select(index, from: selected, count: entries.count, height: height)
        followsEntryInUse = false
        if details != nil { details = ReadingWindow() }
    }

    mutating func select(_ choice: Choice, height: Int) {
        if let index = entries.firstIndex(where: { $0.choice == choice }) { select(index, height: height) }
    }

    /// The first entry on the screen in a window of this height.
    func top(height: Int) -> Int { window.top(selected, count: entries.count, height: height) }

    func areas(_ size: Size) -> PanelAreas {
        let layout = PanelLayout(size, source.shape)
        return PanelAreas(
            layout, hasFilter: true, noteHeight: note(width: layout.rows.width).count, hasPreview: source.hasPreview)
    }

    // MARK: Keys and mouse

    enum Action: Hashable, Sendable {
        case choose
        /// Accepts the answer to the question.
        case accept
        /// What only sessions and presets have.
        case rename, duplicate, export, save, delete, undoDelete
        /// Opens the list of deleted sessions.
        case trash
        /// Opens the panel for fetching models.
        case pull
    }

    static let keys: [KeyRow] = [
        KeyRow(.list, [.enter], .own(Action.choose), "choose"),
        KeyRow.click(.list, "select; click again to choose"),
        KeyRow(.list, [.up, .shift(.tab)], .movePanel(.row(-1)), "previous entry"),
        KeyRow(.list, [.down, .tab], .movePanel(.row(1)), "next entry"),
        KeyRow(.list, [.pageUp], .movePanel(.page(-1)), "page up"),
        KeyRow(.list, [.pageDown], .movePanel(.page(1)), "page down"),
        KeyRow(.list, [.home], .movePanel(.first), "first entry"),
        KeyRow(.list, [.end], .movePanel(.last), "last entry"),
        KeyRow(.list, [.wheelUp], .movePanel(.scroll(-3)), "three lines up"),
        KeyRow(.list, [.wheelDown], .movePanel(.scroll(3)), "three lines down"),
        KeyRow(.list, [.control("o")], .toggleDetails, "show details of the selected item"),
        KeyRow.clickOutside(.list),
        KeyRow(.prompt, [.enter], .own(Action.accept), "confirm"),
        KeyRow(.prompt, [.escape, .control("c")], .closePanel, "back to the list"),
    ]

    mutating func handle(_ action: Action, in state: inout AppState) -> [Effect] {
        switch action {
        case .choose: choose(in: &state)
        case .accept: acceptAnswer(in: &state)
        case .rename, .duplicate, .export, .save, .delete, .undoDelete: manage(action, in: &state)
        case .pull: state.openPull(address: "")
        case .trash: state.openPanel(.trash)
        }
    }

    mutating func move(_ move: PanelMove, in state: inout AppState) -> [Effect] {
        let height = areas(state.screen.size).rows.height
        selected = window.move(move, from: selected, count: entries.count, height: height)
        followsEntryInUse = false
        if details != nil { details = ReadingWindow() }
        return []
    }

    /// Changes the answer to the question, else the filter.
    mutating func edit(_ change: (inout TextEditor) -> Void, in state: inout AppState) -> [Effect] {
        if prompt != nil {
            prompt?.edit(change)
            return []
        }
        narrow(state, change)
        return source.search?(&state, filter.text) ?? []
    }

    /// A click selects an entry, and a click on the selected one chooses it.
    mutating func click(at point: Point, in state: inout AppState) -> [Effect] {
        let rows = areas(state.screen.size).rows
        let index = top(height: rows.height) + point.y - rows.y
        guard prompt == nil, rows.contains(point), entries.indices.contains(index) else { return [] }
        if index == selected { return choose(in: &state) }
        select(index, height: rows.height)
        return []
    }

    var isEntering: Bool { prompt != nil }

    mutating func cancelEntry() { prompt = nil }

    private mutating func choose(in state: inout AppState) -> [Effect] {
        guard let entry = selectedEntry else { return [] }
        if let problem = entry.problem {
            state.notify(.warning, "\(entry.title): \(problem)")
            return []
        }
        if case .serviceModels = entry.choice {
            // The answer appears in this list.
            defer { reload(state) }
            return state.choose(entry.choice)
        } else if case .key(_, let context) = entry.choice {
            // The key works in what help was opened over; the palette's keys work outside panels.
            state.screen.panels.pop()
            if state.keyContext != context { state.screen.panels.removeAll() }
        } else {
            state.screen.panels.removeAll()
        }
        if case .session(let id) = entry.choice, let query = state.foundText(in: id, filter: searchedText) {
            if id == state.session.record.id { return state.findOnAnyBranch(query) }
            state.library.findOnOpening = (id, query)
        }
        return state.choose(entry.choice)
    }

    // MARK: Following the state

    mutating func refresh(_ state: AppState, after event: AppEvent) {
        switch event {
        case .reply, .tick, .key, .resize: break
        default: reload(state)
        }
    }

    var previewedTheme: String? {
        if case .theme(let name)? = selectedEntry?.choice { name } else { nil }
    }

    /// Only if its messages can be seen.
    func previewedSession(_ state: AppState) -> SessionSummary? {
        guard case .session(let id)? = selectedEntry?.choice, details != nil || areas(state.screen.size).preview != nil
        else { return nil }
        return state.library.sessions.first { $0.id == id }
    }

    /// The text that sessions are searched for; nil in other lists.
    var searchedText: String? { source.search == nil ? nil : filter.text[...].trimmed }

    // MARK: Plain mode

    func plainLines(_ state: AppState) -> PlainPanel? {
        if let text = source.plainText { return PlainPanel(text: text()) }
        let empty = filter.isEmpty ? source.empty : "No matches"
        let title =
            state.isSearchIncomplete(for: filter.text) ? "\(source.title) (not all were searched)" : source.title
        return PlainPanel(title: title, text: empty, choices: entries.map(\.plainChoice))
    }
}

extension ListEntry {
    fileprivate var plainChoice: PlainChoice {
        var parts = [suffix.isEmpty ? title : "\(title) \(suffix)"] + details.filter { !$0.isEmpty }
        if let excerpt { parts.append("“\(excerpt)”") }
        if let problem, !details.contains(problem) { parts.append(problem) }
        return PlainChoice(
            line: parts.joined(separator: ", ") + (isCurrent ? " (in use)" : ""), names: [title],
            result: problem.map { .refuse("\(title): \($0)") } ?? .choose(choice))
    }
}

extension AppState {
    mutating func openList(_ source: ListSource, filter: String = "") {
        var list = ListPanel(source, filter: filter)
        list.reload(self)
        screen.panels.push(list)
    }
}
