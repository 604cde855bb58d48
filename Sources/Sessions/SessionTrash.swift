extension SessionStore {
    /// The deleted sessions that can be restored.
    public func deleted() -> [SessionID] { SessionFiles(folder: SessionFiles(folder: folder).trash).ids() }
}
