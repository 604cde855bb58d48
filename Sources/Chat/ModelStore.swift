/// The place in which a model's file was found.
public enum ModelStore: String, Sendable, CaseIterable {
    /// The program's own models folder, the only one in which it writes and removes.
    case own
    /// A folder named in `SOTTO_MODELS`, the working folder, or a path that the user gave.
    case folder
    case ollama
    case lmStudio
    /// The hub cache of Hugging Face's libraries.
    case huggingFace
    /// The download cache of llama.cpp.
    case llamaCpp

    /// As lists show it.
    public var title: String {
        switch self {
        case .own: "Sotto"
        case .folder: "folder"
        case .ollama: "Ollama"
        case .lmStudio: "LM Studio"
        case .huggingFace: "Hugging Face"
        case .llamaCpp: "llama.cpp"
        }
    }
}
