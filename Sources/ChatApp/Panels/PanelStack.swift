/// The open panels, each over the one that it was opened from. Only the top one is drawn and gets keys.
struct PanelStack: Sendable {
    /// Identifies an open panel, however it changes.
    struct ID: Hashable, Sendable { fileprivate let number: Int }

    private var entries: [(id: ID, panel: any Panel)] = []
    /// Panels opened so far.
    private var count = 0

    var isEmpty: Bool { entries.isEmpty }
    var top: (any Panel)? { entries.last?.panel }
    var topID: ID? { entries.last?.id }

    /// Opens a panel on top of the others. There is at most one of each kind.
    mutating func push(_ panel: any Panel) {
        entries.removeAll { $0.panel.kind == panel.kind }
        count += 1
        entries.append((ID(number: count), panel))
    }

    mutating func pop() { _ = entries.popLast() }

    /// Closes all panels, or all but those of a kind.
    mutating func removeAll(except kind: PanelKind? = nil) { entries.removeAll { $0.panel.kind != kind } }

    /// Closes the panels above the one of this kind.
    ///
    /// - Returns: false if no panel of this kind is open.
    mutating func pop(to kind: PanelKind) -> Bool {
        guard let index = entries.firstIndex(where: { $0.panel.kind == kind }) else { return false }
        entries.removeSubrange((index + 1)...)
        return true
    }

    /// Keeps what a panel has become, if it is still open.
    mutating func replace(_ id: ID, with panel: any Panel) {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return }
        entries[index].panel = panel
    }

    /// Changes every panel.
    mutating func updateEach(_ change: (inout any Panel) -> Void) {
        for index in entries.indices { change(&entries[index].panel) }
    }
}
