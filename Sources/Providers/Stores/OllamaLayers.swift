import Chat
import Files
import Foundation

/// The layers of a model in Ollama's store that this program uses, as paths of blobs.
///
/// Projectors are not needed for text, and sample messages are not used.
struct OllamaLayers: Sendable, Equatable {
    /// The path of the manifest that names them.
    let manifest: String
    let weights: String
    /// The LoRA adapter to apply to the weights; nil if there is none, or if its blob is missing.
    let adapter: String?
    /// Whether the model has an adapter, without which its weights are another model.
    let hasAdapter: Bool
    /// Whether the model comes with a prompt template in the language of Go, which is not used.
    let hasTemplate: Bool
    let system: String?
    let parameters: String?
    let licenses: [String]

    /// Whether it replies differently from the weights alone: it has a system prompt or an adapter.
    var isOwnModel: Bool { system != nil || hasAdapter }

    /// nil if the weights are missing, which are then not in this format, or in the cloud.
    ///
    /// - Parameter blobs: the folder in which all blobs are.
    init?(_ manifest: OllamaManifest, in blobs: String) {
        func paths(_ type: OllamaManifest.LayerType) -> [String] {
            manifest.layers.filter { $0.type == type }.compactMap { Self.blob($0.digest, in: blobs) }
        }
        guard let weights = paths(.weights).first else { return nil }
        self.manifest = manifest.path
        self.weights = weights
        adapter = paths(.adapter).first
        hasAdapter = manifest.layers.contains { $0.type == .adapter }
        hasTemplate = manifest.layers.contains { $0.type == .template }
        // If there are several, the last one counts, as in Ollama.
        system = paths(.system).last
        parameters = paths(.parameters).last
        licenses = paths(.license)
    }

    /// The path of a blob; nil if there is none. A link must not lead out of the folder, because text in blobs is shown.
    private static func blob(_ digest: OllamaManifest.Digest, in folder: String) -> String? {
        let path = "\(folder)/\(digest.file)"
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let inside = URL(filePath: folder).resolvingSymlinksInPath().path
        var isFolder: ObjCBool = false
        guard target.hasPrefix("\(inside)/"), FileManager.default.fileExists(atPath: target, isDirectory: &isFolder),
            !isFolder.boolValue
        else { return nil }
        return path
    }

    // MARK: Texts

    /// In bytes, of a layer with text.
    private static let textLimit = 1 << 20
    /// The number of licenses that are read.
    private static let licenseLimit = 8

    /// - Throws: `ModelFileError`
    static func text(_ path: String) throws(ModelFileError) -> String {
        let bytes = try FileIO<ModelFileError>.read(path, limit: textLimit)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .cannotRead(path: path, reason: "not valid UTF-8")
        }
        return text
    }

    /// The texts of the license layers that can be read.
    func licenseTexts() -> [String] {
        licenses.prefix(Self.licenseLimit).compactMap { try? Self.text($0) }
    }
}
