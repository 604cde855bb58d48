import Chat
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
    case notOwn(String, path: String, owner: ModelStore)
    /// The parts of a split model keep their names.
    case splitNeedsFolder(parts: Int, path: String)
    /// The file belongs to several models, and the name is none of theirs.
    case shared(String, models: [String])

    public var description: String {
        switch self {
        case .exists(let path): "\(path) already exists; choose another name"
        case .hiddenName(let name): "\(name) would be a hidden file; rename it first"
        case .cannotRead(let path, let reason): "Cannot read \(path): \(reason)"
        case .cannotWrite(let path, let reason): "Cannot write \(path): \(reason)"
        case .tooLarge(let path, let limit): "\(path) is larger than \(limit >> 20) MiB"
        case .cannotRemove(let path, let reason): "Cannot remove \(path): \(reason)"
        case .splitNeedsFolder(let parts, let path):
            "The model has \(parts) parts, and \(path) is no folder; name a folder for them"
        case .shared(let name, let models):
            "\(name) belongs to \(models.count) models; name one of them: \(models.joined(separator: ", "))"
        case .notOwn(let name, let path, .ollama):
            "\(name) belongs to Ollama (\(path)); use \"ollama rm \(name)\" to remove it"
        case .notOwn(let name, let path, .lmStudio):
            "\(name) belongs to LM Studio (\(path)); remove it there, in My Models"
        case .notOwn(let name, let path, .huggingFace): "\(name) belongs to \(Self.hubHint(path))"
        case .notOwn(let name, let path, .llamaCpp):
            HuggingFaceStore.repository(of: path) == nil
                ? "\(name) belongs to llama.cpp (\(path)); use \"rm\" on that file to remove it"
                : "\(name) belongs to llama.cpp, in \(Self.hubHint(path))"
        case .notOwn(let name, let path, .own), .notOwn(let name, let path, .folder):
            "\(name) is not in Sotto's models folder but at \(path); remove it there"
        }
    }

    private static func hubHint(_ path: String) -> String {
        let repository = HuggingFaceStore.repository(of: path) ?? "OWNER/NAME"
        return "Hugging Face's cache (\(path)); use \"hf cache rm model/\(repository)\" to remove it"
    }
}
