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
        case .unreadableJournal(let path): "The journal of an interrupted reply cannot be read: \(path)"
        }
    }
}
