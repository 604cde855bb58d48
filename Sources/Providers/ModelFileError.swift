import Files

/// Why a model's file was not copied or removed, in one line that also says what to do.
public enum ModelFileError: Error, Equatable, CustomStringConvertible, FileError {
    case exists(String)
    case hiddenName(String)
    case cannotRead(path: String, reason: String)
    /// Everything that was written is removed.
    case cannotWrite(path: String, reason: String)
    case tooLarge(path: String, limit: Int)
    case cannotRemove(path: String, reason: String)
    /// The file is not in the program's own folder.
    case notOwn(String, path: String, owner: Owner)

    public enum Owner: Sendable, Equatable {
        case ollama, lmStudio, other
    }

    public var description: String {
        switch self {
        case .exists(let path): "\(path) already exists; choose another name"
        case .hiddenName(let name): "\(name) would be a hidden file; rename it first"
        case .cannotRead(let path, let reason): "Cannot read \(path): \(reason)"
        case .cannotWrite(let path, let reason): "Cannot write \(path): \(reason)"
        case .tooLarge(let path, let limit): "\(path) is larger than \(limit >> 20) MiB"
        case .cannotRemove(let path, let reason): "Cannot remove \(path): \(reason)"
        case .notOwn(let name, let path, .ollama):
            "\(name) belongs to Ollama (\(path)); use \"ollama rm \(name)\" to remove it"
        case .notOwn(let name, let path, .lmStudio):
            "\(name) belongs to LM Studio (\(path)); remove it there"
        case .notOwn(let name, let path, .other):
            "\(name) is not in Sotto's models folder but at \(path); remove it there"
        }
    }
}
