import JSON

/// What a model in a registry consists of.
struct RegistryManifest: Sendable {
    struct Layer: Sendable, Equatable {
        var mediaType: String
        /// 64 hexadecimal digits in lower case.
        var sha256: String
        var bytes: Int

        /// Below the registry's address of a model, and with a hyphen below "blobs" of a models folder.
        var digest: String { "sha256:\(sha256)" }
        /// The last part of Ollama's own types, such as "model" or "license"; empty for other types.
        var kind: Substring {
            mediaType.hasPrefix(Self.ollamaType) ? mediaType.dropFirst(Self.ollamaType.count) : ""
        }

        private static let ollamaType = "application/vnd.ollama.image."
        private static let sizes = 0...16_000_000_000_000

        init?(_ value: JSONValue) {
            guard let fields = value.object, let type = fields["mediaType"]?.string,
                let digest = fields["digest"]?.string, digest.hasPrefix("sha256:"),
                Digest.isSHA256(digest.dropFirst("sha256:".count)), let bytes = fields["size"]?.integer,
                Self.sizes.contains(bytes)
            else { return nil }
            mediaType = type
            sha256 = String(digest.dropFirst("sha256:".count))
            self.bytes = bytes
        }
    }

    /// The file as it came.
    let content: [UInt8]
    /// A small JSON file about the weights; nil if the manifest names none.
    let config: Layer?
    let layers: [Layer]

    private static let layerLimit = 100
    /// Layers of types that are not known are fetched up to this size, in bytes.
    private static let unknownLimit = 16 << 20
    private static let known: Set<Substring> = [
        "model", "adapter", "projector", "template", "system", "params", "license", "messages", "prompt", "embed",
    ]

    /// Nil if it is no manifest, or one that is not safe.
    init?(_ content: [UInt8]) {
        guard let fields = (try? JSONReader.read(content))?.object, let entries = fields["layers"]?.array,
            (1...Self.layerLimit).contains(entries.count)
        else { return nil }
        layers = entries.compactMap { Layer($0) }
        config = fields["config"].flatMap { Layer($0) }
        guard layers.count == entries.count else { return nil }
        self.content = content
    }

    /// The weights.
    var model: Layer? { layers.first { $0.kind == "model" } }

    /// The blobs to fetch, each once.
    var blobs: [Layer] {
        var seen: Set<String> = []
        let wanted = layers.filter { Self.known.contains($0.kind) || $0.bytes <= Self.unknownLimit }
        return (wanted + [config].compactMap(\.self)).filter { seen.insert($0.sha256).inserted }
    }
}
