import Foundation

/// The program's own models folder: files that were put into it, and models that were pulled from Ollama's registry,
/// which have Ollama's layout.
enum OwnStore {
    static func stores(_ folder: URL) -> [any FileStore] {
        [FolderStore(folder, store: .own), OllamaStore(root: folder, store: .own)]
    }
}
