import Foundation

/// Why a session or preset could not be read, written or found, in one line that says what would be right.
public enum SessionError: Error, Equatable, CustomStringConvertible {
    case cannotRead(path: String, reason: String)
    /// Whatever stood there before still does.
    case cannotWrite(path: String, reason: String)
    case notASession(path: String, found: String)
    case notAPreset(path: String, found: String)
    /// Nothing could be recovered; the file stays as it is.
    case damaged(path: String, reason: String)
    case tooLarge(path: String, limit: Int)
    case notFound(kind: Kind, query: String, suggestion: String?)
    case ambiguous(query: String, matches: [String])
    case badName(String)
    case shippedPreset(String)
    case presetExists(String)
    /// A file of a later version of the program.
    case newer(path: String, version: Int)
    case readOnly(SessionAccess.Reason)

    /// What is looked for by a name.
    public enum Kind: String, Sendable {
        case session, preset
        case deletedSession = "deleted session"

        /// What lists all there are.
        fileprivate var list: String? {
            switch self {
            case .session: "sotto sessions"
            case .preset: "sotto presets"
            case .deletedSession: nil
            }
        }
    }

    public var description: String {
        switch self {
        case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
        case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
        case .notASession(let path, let found):
            "\(path) is not a session file (\"format\": \"sotto.session\"): \(found)"
        case .notAPreset(let path, let found): "\(path) is not a preset (\"format\": \"sotto.preset\"): \(found)"
        case .damaged(let path, let reason): "\(path) is damaged and nothing in it can be read: \(reason)"
        case .tooLarge(let path, let limit): "\(path) is larger than the \(limit >> 20) MiB a session may have"
        case .notFound(let kind, let query, let suggestion):
            "no \(kind.rawValue) is named '\(query.prefix(60))'"
                + (suggestion.map { "; did you mean \($0)?" } ?? kind.list.map { "; '\($0)' lists them" } ?? "")
        case .ambiguous(let query, let matches):
            "'\(query.prefix(60))' could be \(matches.prefix(4).joined(separator: ", "))"
                + (matches.count > 4 ? " or \(matches.count - 4) more" : "") + "; give more of the name or the id"
        case .badName(let name):
            "'\(name.prefix(60))' cannot be a name: use 1 to 64 letters, digits, spaces, '-', '_' or '.', not first"
        case .shippedPreset(let name): "the preset \(name) came with the program and stays"
        case .presetExists(let name):
            "you have a preset \(name) already; remove it first, or give the file's another \"name\""
        case .newer(let path, let version):
            "\(path) was written by a later version of sotto (format \(version), this one knows "
                + "\(SessionDocument.version))"
        case .readOnly(let reason): "the session cannot be changed: \(reason)"
        }
    }

    /// What the system says about a failed call, in plain words where it is a common one.
    package static func reason(_ code: Int32) -> String {
        switch code {
        case ENOSPC: "the disk is full"
        case EDQUOT: "the disk quota is used up"
        case EACCES, EPERM: "permission denied"
        case EROFS: "the disk is read-only"
        case ENOENT: "no such file or folder"
        case EFBIG: "the file would grow too large"
        default: String(cString: strerror(code)).lowercased()
        }
    }
}

/// Whether a session that was opened can be changed.
public enum SessionAccess: Sendable, Equatable {
    case writable
    case readOnly(Reason)

    public enum Reason: Sendable, Equatable, CustomStringConvertible {
        /// Another program, or another part of this one, has it open.
        case heldBy(process: Int32)
        /// A later version of the program wrote it.
        case newerVersion(Int)
        /// It came with the program.
        case shipped
        /// The folder or the file may not be written.
        case notPermitted(String)

        public var description: String {
            switch self {
            case .heldBy(let process): "process \(process) has it open"
            case .newerVersion(let version):
                "a later version of sotto wrote it (format \(version), this one knows \(SessionDocument.version))"
            case .shipped: "it came with the program; /new starts one of your own"
            case .notPermitted(let reason): reason
            }
        }
    }
}
