import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A model in the program's own folder that has Ollama's layout, to be removed.
struct PulledModel {
    private let store: OllamaStore
    private let manifest: OllamaManifest

    /// - Parameters:
    ///   - name: as lists show the model.
    ///   - weights: the path of its weights, which names the model if only one has them.
    init(_ name: String, weights: String, in store: OllamaStore) throws(ModelFileError) {
        let file = URL(filePath: weights).lastPathComponent
        let owners = store.manifests().filter { $0.digests.contains { $0.file == file } }
        let named = owners.first { [$0.name?.short, $0.name?.full].contains(name) }
        guard let manifest = named ?? (owners.count == 1 ? owners.first : nil) else {
            throw .shared(name, models: owners.compactMap(\.name?.short))
        }
        self.store = store
        self.manifest = manifest
    }

    /// Removes the manifest first, so that none names blobs that are gone.
    func remove() throws(ModelFileError) {
        try FileIO<ModelFileError>.removeFile(manifest.path)
        var folder = URL(filePath: manifest.path).deletingLastPathComponent()
        // The model's, the namespace's and the host's, as far as they are empty.
        for _ in 0..<3 where rmdir(folder.path(percentEncoded: false)) == 0 { folder.deleteLastPathComponent() }
        let (others, areAll) = store.manifestFiles()
        let readable = others.compactMap { OllamaManifest(path: $0) }
        // What a damaged manifest names is not known, so every blob may be needed.
        guard areAll, readable.count == others.count else { return }
        let needed = readable.reduce(into: Set<OllamaManifest.Digest>()) { $0.formUnion($1.digests) }
        for digest in manifest.digests.subtracting(needed) {
            let blob = "\(store.blobs)/\(digest.file)"
            if FileVersion(of: blob) != nil { try FileIO<ModelFileError>.removeFile(blob) }
        }
    }
}

extension FileIO where Failure == ModelFileError {
    /// Removes a file, or a link without the file that it leads to.
    static func removeFile(_ path: String) throws(ModelFileError) {
        guard unlink(path) == 0 else { throw .cannotRemove(path: path, reason: SystemError.reason(errno)) }
    }
}
