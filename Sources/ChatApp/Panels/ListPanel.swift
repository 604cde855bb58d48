import TUI

/// A list to choose from, narrowed down as one types.
struct ListPanel: Sendable {
    var source: ListSource
    var filter = TextEditor()
    /// A question that is being answered where the filter stands.
    var prompt: ListPrompt?
    /// Those that the filter leaves.
    private(set) var entries: [ListEntry] = []
    private(set) var selected = 0
    private var window = RowWindow()
    /// While all that is told of what is selected is read, in the place of the rows.
    var details: ReadingWindow?
    /// Of all entries, so that they stay where they are as one types.
    private(set) var columns = ListColumns([])

    init(_ source: ListSource, filter: String = "") {
        self.source = source
        self.filter.setText(filter)
    }

    var selectedEntry: ListEntry? { entries.indices.contains(selected) ? entries[selected] : nil }

    /// Lists anew. The entry that was selected stays selected where it is still there.
    mutating func refresh(_ state: AppState) {
        let choice = selectedEntry?.choice
        let all = source.entries(state)
        if source.isTable { columns = ListColumns(all) }
        entries = ListFilter(filter.text).narrow(all)
        if source.kind == .sessions { entries += state.foundEntries(besides: entries, query: filter.text) }
        selected = entries.firstIndex { $0.choice == choice } ?? min(selected, max(0, entries.count - 1))
    }

    /// Lists anew with another filter, from the top.
    mutating func narrow(_ state: AppState, _ change: (inout TextEditor) -> Void) {
        let before = filter.text
        change(&filter)
        guard filter.text != before else { return }
        (selected, window, details) = (0, RowWindow(), nil)
        entries = []
        refresh(state)
    }

    /// Selects an entry, the nearest there is, and brings it into sight.
    mutating func select(_ index: Int, height: Int) {
        let before = selected
        selected = max(0, min(index, entries.count - 1))
        window.follow(from: before, to: selected...selected, count: entries.count, height: height)
        if details != nil { details = ReadingWindow() }
    }

    mutating func select(_ choice: Choice, height: Int) {
        if let place = entries.firstIndex(where: { $0.choice == choice }) { select(place, height: height) }
    }

    /// Moves the window over the list; what is selected stays in sight.
    mutating func scroll(_ rows: Int, height: Int) {
        let shown = window.scroll(rows, selected, count: entries.count, height: height)
        selected = max(shown.lowerBound, min(selected, shown.upperBound - 1))
    }

    /// The first entry in sight in a window of this height.
    func top(height: Int) -> Int { window.top(selected, count: entries.count, height: height) }
}

extension AppState {
    func areas(of list: ListPanel) -> PanelAreas {
        let layout = PanelLayout(screen.size, list.source.shape)
        return PanelAreas(
            layout, hasFilter: true, noteHeight: list.note(width: layout.rows.width).count,
            hasPreview: list.source.hasPreview)
    }

    /// What `action` does in the open list.
    mutating func pick(_ action: PickAction) -> [Effect] {
        guard case .list(var list) = screen.panel else { return [] }
        let height = areas(of: list).rows.height
        switch action {
        case .move(let rows): list.select(list.selected + rows, height: height)
        case .page(let pages): list.select(list.selected + pages * max(1, height - 1), height: height)
        case .first: list.select(0, height: height)
        case .last: list.select(list.entries.count - 1, height: height)
        case .scroll(let rows): list.scroll(rows, height: height)
        case .choose: return choose(in: list)
        case .rename, .duplicate, .export, .save, .delete, .undoDelete: return manage(action, in: list)
        }
        screen.panel = .list(list)
        return []
    }

    /// Changes what the open list is filtered by.
    mutating func narrowList(_ change: (inout TextEditor) -> Void) -> [Effect] {
        guard case .list(var list) = screen.panel else { return [] }
        list.narrow(self, change)
        screen.panel = .list(list)
        return searchFiles(in: list)
    }

    /// A click selects, and a click on what is selected chooses it.
    mutating func click(_ point: Point, in list: ListPanel) -> [Effect] {
        var list = list
        let areas = areas(of: list)
        let index = list.top(height: areas.rows.height) + point.y - areas.rows.y
        guard list.prompt == nil, areas.rows.contains(point), list.entries.indices.contains(index) else { return [] }
        if index == list.selected { return choose(in: list) }
        list.select(index, height: areas.rows.height)
        screen.panel = .list(list)
        return []
    }

    private mutating func choose(in list: ListPanel) -> [Effect] {
        guard let entry = list.selectedEntry else { return [] }
        if let problem = entry.problem {
            notify(.warning, "\(entry.title): \(problem)")
            return []
        }
        screen.panel = nil
        if case .session(let id) = entry.choice, let query = foundText(in: id, list) {
            if id == session.record.id { return find(query) }
            library.findOnOpening = (id, query)
        }
        return choose(entry.choice)
    }
}
