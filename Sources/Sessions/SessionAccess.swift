import Chat

/// Whether an open session can be changed.
public enum SessionAccess: Sendable, Equatable {
    case writable
    case readOnly(Reason)

    public enum Reason: Sendable, Equatable, CustomStringConvertible {
        /// Another program, or another part of this one, has it open.
        case heldBy(process: Int32)
        /// A newer version of the program wrote it.
        case newerVersion(Int)
        /// It is the welcome session, which is part of the program.
        case shipped
        /// The folder or the file is not writable.
        case notPermitted(String)

        public var description: String {
            switch self {
            case .heldBy(let process): "process \(process) has it open"
            case .newerVersion(let version):
                "a newer version of Sotto wrote it (format \(version), this version supports "
                    + "\(SessionRecord.formatVersion))"
            case .shipped: "this is the welcome tour; /new starts your own chat"
            case .notPermitted(let reason): reason
            }
        }
    }
}
