import Chat
import TUI

extension PanelKind {
    /// Deleted sessions. Opened by a key of the list of sessions, and by `/restore`.
    static let trash: PanelKind = .init(name: "trash", context: .trashList) { state in
        state.openList(.trash)
        return [.session(.listTrash)]
    }
}

extension KeyContext {
    fileprivate static let trashList = KeyContext(name: "trash", isPanel: true, hasLine: true)
}

extension ListSource {
    fileprivate static let trash: ListSource = .init(
        kind: .trash, title: "Trash", empty: "The trash is empty", verb: "restore",
        entries: { state in state.library.trash.map { state.trashEntry($0) } })
}

extension AppState {
    fileprivate func trashEntry(_ session: SessionSummary) -> ListEntry {
        var entry = entry(session)
        entry.isCurrent = false
        entry.choice = .restore(session.id)
        return entry
    }

    func trashPreview(_ id: SessionSummary.ID, width: Int) -> [StyledLine] {
        guard let session = library.trash.first(where: { $0.id == id }) else { return [] }
        var page = PreviewPage(width: width)
        page.title(session.title.isEmpty ? "untitled" : session.title)
        addFacts(of: session, to: &page)
        page.blank()
        page.text("Enter restores the session and opens it", .muted)
        return page.lines
    }

    /// `/restore [NAME]`: the session that was deleted last; lists the deleted ones if none was since the start.
    mutating func restoreSession(named name: String) -> [Effect] {
        if !name.isEmpty { return restoreAndOpen(name) }
        let last = library.listDeletions.last { if case .session = $0 { true } else { false } }
        guard case .session(let id)? = last else { return openPanel(.trash) }
        return restoreAndOpen(id)
    }

    /// - Parameter name: a title or id, or the beginning of one.
    mutating func restoreAndOpen(_ name: String) -> [Effect] {
        if let held = warnIfUnsaved() { return held }
        library.listDeletions.removeAll { $0 == .session(name) }
        return abandonReply() + [.session(.restore(name, opens: true))]
    }
}
