/// Names a model the way a session file does: by provider, name, and the fingerprint of the exact file.
public struct ModelReference: Sendable, Hashable, Codable {
    /// The provider's registry id, such as "local".
    public var provider: String
    public var name: String
    /// "sha256:…" over the model file, where the provider can tell.
    public var fingerprint: String?

    public init(provider: String, name: String, fingerprint: String? = nil) {
        self.provider = provider
        self.name = name
        self.fingerprint = fingerprint
    }

    /// What is remembered of it on this computer is found by this, such as its speed.
    public var key: String { "\(provider)/\(name)" }

    /// Whether both name the same model, whatever is known of its file.
    public func hasSameName(as other: ModelReference) -> Bool { provider == other.provider && name == other.name }
}
