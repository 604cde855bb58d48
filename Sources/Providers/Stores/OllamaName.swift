/// The name of a model in Ollama's store, which is also the path of its manifest: HOST/NAMESPACE/MODEL/TAG.
struct OllamaName: Sendable, Hashable {
    let host: String
    let namespace: String
    let model: String
    let tag: String

    static let standardHost = "registry.ollama.ai"
    static let standardNamespace = "library"
    static let standardTag = "latest"
    /// In bytes, of the longest part that Ollama accepts.
    private static let partLimit = 350

    /// nil if a part has characters that no name has, such as slashes, spaces or control characters.
    init?(host: String, namespace: String, model: String, tag: String) {
        guard Self.isPart(host, besides: ".-_:"),
            [namespace, model, tag].allSatisfy({ Self.isPart($0, besides: ".-_") })
        else { return nil }
        self.host = host
        self.namespace = namespace
        self.model = model
        self.tag = tag
    }

    /// As Ollama shows it: "llama3.2:1b", "alice/mine:latest", "hf.co/user/repo:Q4_K_M".
    var short: String {
        guard host.lowercased() == Self.standardHost else { return full }
        return namespace.lowercased() == Self.standardNamespace ? "\(model):\(tag)" : "\(namespace)/\(model):\(tag)"
    }

    var full: String { "\(host)/\(namespace)/\(model):\(tag)" }

    private static func isPart(_ text: String, besides punctuation: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= partLimit, text != "..", first != UInt8(ascii: ".") else {
            return false
        }
        return text.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: punctuation.utf8.contains($0)
            }
        }
    }
}
