import Chat
import Files
import Foundation

/// Models in Ollama's layout: `manifests/HOST/NAMESPACE/MODEL/TAG` names blobs, which are `blobs/sha256-…`.
struct OllamaStore: FileStore {
    let root: URL
    let store: ModelStore

    /// Files and folders in `manifests`; a store with more is cut there.
    private static let entryLimit = 5_000

    init(root: URL, store: ModelStore = .ollama) {
        self.root = root
        self.store = store
    }

    /// Where Ollama keeps models: `OLLAMA_MODELS`, the user's folder, and those of a service.
    static func all(_ locations: StoreLocations) -> [OllamaStore] {
        let named = [locations.folder("OLLAMA_MODELS")].compactMap(\.self)
        let folders = named + [locations.home.appending(path: ".ollama/models")] + locations.ollamaServices
        return folders.withoutRepetitions.map { OllamaStore(root: $0) }
    }

    func models() -> [FoundModel] {
        manifests().compactMap { manifest in
            guard let name = manifest.name, let layers = OllamaLayers(manifest, in: blobs) else { return nil }
            return FoundModel(
                name: name.short, longName: name.full, path: layers.weights, store: store,
                layers: layers)
        }
    }

    var watched: [WatchedFolder] { [WatchedFolder(path: manifestFolder, depth: 4)] }

    // MARK: Files

    var manifestFolder: String { root.appending(path: "manifests").path(percentEncoded: false) }
    var blobs: String { root.appending(path: "blobs").path(percentEncoded: false) }

    /// The manifests that can be read, in the order of their paths.
    func manifests() -> [OllamaManifest] { manifestFiles().paths.compactMap { OllamaManifest(path: $0) } }

    /// The paths of the manifests, readable or not, and whether these are all.
    func manifestFiles() -> (paths: [String], areAll: Bool) {
        var paths = [manifestFolder]
        var left = Self.entryLimit
        for _ in ["host", "namespace", "model", "tag"] {
            paths = paths.flatMap { folder in
                let names = FileIO<ModelFileError>.entries(folder).filter { !$0.hasPrefix(".") }.sorted()
                left -= names.count
                return left < 0 ? [] : names.map { "\(folder)/\($0)" }
            }
        }
        return (paths, left >= 0)
    }
}
