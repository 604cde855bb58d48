/// Why a model's file was not copied or removed, in one line that says what would be right.
public enum ModelFileError: Error, Equatable, CustomStringConvertible {
    case exists(String)
    case hiddenName(String)
    case cannotRead(String, reason: String)
    /// Nothing is left of what was written.
    case cannotWrite(String, reason: String)
    case cannotRemove(String, reason: String)
    /// The file is not in the program's own folder.
    case notOwn(String, path: String, owner: Owner)

    public enum Owner: Sendable, Equatable {
        case ollama, lmStudio, somebody
    }

    public var description: String {
        switch self {
        case .exists(let path): "\(path) is there already; nothing is overwritten"
        case .hiddenName(let name): "\(name) would be a hidden file, which no list shows; give it another name first"
        case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
        case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
        case .cannotRemove(let path, let reason): "cannot remove \(path): \(reason)"
        case .notOwn(let name, let path, .ollama): "\(name) is Ollama's (\(path)); 'ollama rm \(name)' removes it"
        case .notOwn(let name, let path, .lmStudio): "\(name) is LM Studio's (\(path)); it can be removed there"
        case .notOwn(let name, let path, .somebody):
            "\(name) does not lie in Sotto's own models folder but at \(path); it can be removed there"
        }
    }
}
