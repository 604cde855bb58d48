import Chat

/// A model that a store has, before its file is opened.
struct FoundModel: Sendable, Equatable {
    /// As lists show it.
    var name: String
    /// The name with the folders above it, for lists in which another file has the short one.
    let longName: String
    /// The file or folder with the weights.
    var path: String
    let store: ModelStore
    /// The folder of an adapter of PEFT; its path if the model that it changes is not on this computer.
    var adapter: String?
    /// What Ollama's manifest names besides the weights; nil for a file without a manifest.
    var layers: OllamaLayers?
}

/// A place with models that another program, or this one, keeps on this computer. It is only read.
protocol FileStore: Sendable {
    /// The models, the first that gets its name first.
    func models() -> [FoundModel]
    /// Where models appear and disappear.
    var watched: [WatchedFolder] { get }
}

/// A folder whose changes show that a store has changed.
struct WatchedFolder: Sendable, Equatable {
    let path: String
    /// Levels of folders that are watched; 1 for the folder alone.
    let depth: Int
}
