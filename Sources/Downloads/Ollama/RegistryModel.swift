/// A model in a registry with Ollama's protocol, and where it goes in Ollama's layout of a models folder.
struct RegistryModel: Sendable {
    /// With its port, if it has one; nil for Ollama's own registry.
    let host: String?
    let namespace: String
    let name: String
    let tag: String

    /// As Ollama names it: without its own host, and without "library".
    var text: String {
        let path = namespace == "library" && host == nil ? name : "\(namespace)/\(name)"
        return (host.map { "\($0)/" } ?? "") + "\(path):\(tag)"
    }

    /// Below the models folder.
    var manifestPath: String { "manifests/\(host ?? ModelAddress.ollamaHost)/\(namespace)/\(name)/\(tag)" }

    /// Below the registry's address.
    var apiPath: String { "v2/\(namespace)/\(name)" }
}
