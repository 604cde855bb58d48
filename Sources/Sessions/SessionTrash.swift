extension SessionStore {
    /// The deleted sessions that can be restored.
    public func deleted() -> [SessionID] { trash.ids() }

    /// The same as lists show them, the most recently changed first.
    public func deletedSessions() -> [SessionSummary] {
        trash.ids().compactMap { SessionSummary(id: $0, path: trash.session($0), known: nil) }
            .sorted { ($0.updated, $0.id) > ($1.updated, $1.id) }
    }

    /// The deleted session with an id, a title, the beginning of an id, or a part of a title, as `find` does.
    public func findDeleted(_ query: String) throws(SessionError) -> SessionSummary {
        try SessionSummary.find(query, in: deletedSessions(), kind: .deletedSession)
    }

    private var trash: SessionFiles { SessionFiles(folder: SessionFiles(folder: folder).trash) }
}
