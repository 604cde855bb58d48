import Chat

/// Why a session or preset could not be read, written or found, in one line that also says what to do.
public enum SessionError: Error, Equatable, CustomStringConvertible {
    case cannotRead(path: String, reason: String)
    /// A file that was there before is unchanged.
    case cannotWrite(path: String, reason: String)
    case exists(path: String)
    case notASession(path: String, found: String)
    case notAPreset(path: String, found: String)
    /// Nothing could be recovered; the file is unchanged.
    case damaged(path: String, reason: String)
    case tooLarge(path: String, limit: Int)
    case notFound(kind: Kind, query: String, suggestion: String?)
    case ambiguous(query: String, matches: [String])
    case badSessionID(String)
    case badPresetName(String)
    case builtInPreset(String)
    case foreignPreset(String)
    case presetExists(String)
    /// The file was written by a newer version of the program.
    case newer(path: String, version: Int)
    case readOnly(SessionAccess.Reason)

    /// Things that have names.
    public enum Kind: String, Sendable {
        case session, preset
        case deletedSession = "deleted session"

        /// The command that lists all of them.
        fileprivate var listCommand: String {
            switch self {
            case .session: "sotto sessions"
            case .preset: "sotto presets"
            case .deletedSession: "sotto sessions list --trash"
            }
        }
    }

    public var description: String {
        switch self {
        case .cannotRead(let path, let reason): "Cannot read \(path): \(reason)"
        case .cannotWrite(let path, let reason): "Cannot write \(path): \(reason)"
        case .exists(let path): "\(path) already exists; choose another name"
        case .notASession(let path, let found): "\(path) is not a session file: \(found)"
        case .notAPreset(let path, let found): "\(path) is not a preset: \(found)"
        case .damaged(let path, let reason): "\(path) is damaged and nothing in it can be read: \(reason)"
        case .tooLarge(let path, let limit): "\(path) is too large (the limit is \(limit >> 20) MiB)"
        case .notFound(let kind, let query, let suggestion):
            "No \(kind.rawValue) called \"\(query.prefix(60))\""
                + (suggestion.map { ". Did you mean \($0)?" }
                    ?? ". \"\(kind.listCommand)\" lists them")
        case .ambiguous(let query, let matches):
            "\"\(query.prefix(60))\" matches \(matches.count) sessions: \(matches.prefix(4).joined(separator: ", "))"
                + (matches.count > 4 ? " and \(matches.count - 4) more" : "") + ". Type more of the title or the id"
        case .badSessionID(let id): "\"\(id.prefix(60))\" is not a session id"
        case .badPresetName(let name): "\"\(name.prefix(60))\" cannot be a preset's name. \(Preset.nameRule)"
        case .builtInPreset(let name): "The preset \"\(name)\" is built in and cannot be deleted"
        case .foreignPreset(let name): "The preset \"\(name)\" belongs to another program; delete it there"
        case .presetExists(let name):
            "You already have a preset \"\(name)\". Delete it first, or change the \"name\" in the file"
        case .newer(let path, let version):
            "\(path) was written by a newer version of Sotto (format \(version), this version supports "
                + "\(SessionRecord.formatVersion))"
        case .readOnly(let reason): "The session cannot be changed: \(reason)"
        }
    }
}
