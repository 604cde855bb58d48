import Files
import Foundation
import JSON

/// A manifest in Ollama's store: which blobs make up a model. Only what this program uses is read.
struct OllamaManifest: Sendable, Equatable {
    let path: String
    /// nil if the path is not that of a name.
    let name: OllamaName?
    let layers: [Layer]
    /// The digest of the layer with facts for Ollama; nil if there is none.
    let config: Digest?

    struct Layer: Sendable, Equatable {
        let type: LayerType
        let digest: Digest
    }

    /// What a layer has, by its media type "application/vnd.ollama.image.…".
    enum LayerType: String, Sendable {
        case weights = "model"
        case template, system, adapter, license
        case parameters = "params"
        /// Projectors of vision models, sample messages, and whatever is added later.
        case other
    }

    /// A digest "sha256:…" with 64 hexadecimal digits, and so a file name without a path.
    struct Digest: Sendable, Hashable {
        /// "sha256-…"
        let file: String

        init?(_ text: String) {
            guard text.wholeMatch(of: /sha256[:\-][0-9a-f]{64}/) != nil else { return nil }
            file = "sha256-\(text.suffix(64))"
        }
    }

    /// In bytes; manifests have a few hundred.
    private static let byteLimit = 1 << 20
    private static let typePrefix = "application/vnd.ollama.image."

    /// Every blob that the manifest names.
    var digests: Set<Digest> { Set(layers.map(\.digest) + [config].compactMap(\.self)) }

    /// nil for a file that cannot be read, is too large, or is not a manifest. A layer without a valid digest makes it
    /// none.
    ///
    /// - Parameter path: ends in HOST/NAMESPACE/MODEL/TAG.
    init?(path: String) {
        guard let bytes = try? FileIO<ModelFileError>.read(path, limit: Self.byteLimit),
            let fields = (try? JSONReader.read(bytes))?.object, let items = fields["layers"]?.array
        else { return nil }
        var layers: [Layer] = []
        for item in items {
            guard let type = item.object?["mediaType"]?.string,
                let digest = item.object?["digest"]?.string.flatMap(Digest.init)
            else { return nil }
            let kind = type.hasPrefix(Self.typePrefix) ? String(type.dropFirst(Self.typePrefix.count)) : ""
            layers.append(Layer(type: LayerType(rawValue: kind) ?? .other, digest: digest))
        }
        self.path = path
        let parts = path.split(separator: "/").suffix(4).map(String.init)
        name =
            parts.count == 4 ? OllamaName(host: parts[0], namespace: parts[1], model: parts[2], tag: parts[3]) : nil
        self.layers = layers
        config = fields["config"]?.object?["digest"]?.string.flatMap(Digest.init)
    }
}
