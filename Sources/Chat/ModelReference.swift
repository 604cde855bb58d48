/// Identifies a model by provider, name and the fingerprint of its file.
public struct ModelReference: Sendable, Hashable, Codable {
    /// The provider's registry id, such as "local".
    public var provider: String
    public var name: String
    /// "sha256:…" of the model file; nil if unknown.
    public var fingerprint: String?

    public init(provider: String, name: String, fingerprint: String? = nil) {
        self.provider = provider
        self.name = name
        self.fingerprint = fingerprint
    }

    /// Whether both name the same model, whatever their fingerprints.
    public func hasSameName(as other: ModelReference) -> Bool { provider == other.provider && name == other.name }
}
