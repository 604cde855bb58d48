import Foundation

/// Models downloaded by Ollama: a manifest names the blob with the weights.
enum OllamaStore {
    private struct Manifest: Decodable {
        let layers: [Layer]

        struct Layer: Decodable {
            let mediaType: String
            let digest: String
        }
    }

    private static let weightsType = "application/vnd.ollama.image.model"
    /// In bytes; manifests have a few hundred.
    private static let manifestLimit = 1 << 20

    static var root: URL {
        ProcessInfo.processInfo.environment["OLLAMA_MODELS"].map { URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".ollama/models")
    }

    /// Ollama's model names, such as "llama3.2:1b", with the paths of the weights.
    static func models() -> [(name: String, path: String)] {
        let root = root
        let library = root.appending(path: "manifests/registry.ollama.ai/library")
        return entries(library).flatMap { model in
            entries(model).compactMap { tag in
                weights(manifest: tag, root: root).map { ("\(model.lastPathComponent):\(tag.lastPathComponent)", $0) }
            }
        }
    }

    private static func entries(_ folder: URL) -> [URL] {
        let entries = try? FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
        return (entries ?? []).sorted { $0.path < $1.path }
    }

    private static func weights(manifest: URL, root: URL) -> String? {
        guard let size = try? manifest.resourceValues(forKeys: [.fileSizeKey]).fileSize, size <= manifestLimit,
            let data = try? Data(contentsOf: manifest),
            let parsed = try? JSONDecoder().decode(Manifest.self, from: data),
            let digest = parsed.layers.first(where: { $0.mediaType == weightsType })?.digest,
            digest.wholeMatch(of: /sha256:[0-9a-f]{64}/) != nil
        else { return nil }
        let blob = root.appending(path: "blobs/\(digest.replacing(":", with: "-"))").path(percentEncoded: false)
        return FileManager.default.fileExists(atPath: blob) ? blob : nil
    }
}
