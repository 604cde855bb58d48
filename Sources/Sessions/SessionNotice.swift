/// Something that happened while a session was opened.
public enum SessionNotice: Sendable, Equatable, CustomStringConvertible {
    case readOnly(SessionAccess.Reason)
    /// A reply that a crash cut off was restored.
    case interruptedReply(characters: Int)
    /// The file was damaged. It was kept under another name, and what could be read of it was recovered. The path is nil
    /// if the session is read-only, because the file was then left as it is.
    case recovered(original: String?, warnings: [String])
    /// A journal that could not be read; it was kept under this name.
    case unreadableJournal(path: String)
    /// Another program changed the file while the session was open. Its version became the session of this title, or a
    /// file of this name if it is not a session.
    case changedElsewhere(kept: String)
    /// The file system has no locks, with the reason.
    case noLocks(String)

    public var description: String {
        switch self {
        case .readOnly(let reason): "Read-only: \(reason)"
        case .interruptedReply(let characters):
            "The last reply was cut off; \(characters) characters were saved. /continue to finish it"
        case .recovered(let original, let warnings):
            "The session's file was damaged; what could be read was recovered"
                + (warnings.first.map { " (\($0)" } ?? "")
                + (warnings.count > 1 ? " and \(warnings.count - 1) more" : "") + (warnings.isEmpty ? "" : ")")
                + (original.map { ". The original is \($0)" } ?? "")
        case .changedElsewhere(let kept):
            "Another program changed this session's file while it was open. Both are kept: yours is here, the other "
                + "version is \(kept)"
        case .noLocks(let reason):
            "Sessions cannot be locked here (\(reason)). Don't open the same one in two programs at once"
        case .unreadableJournal(let path): "The journal of an interrupted reply cannot be read: \(path)"
        }
    }
}
