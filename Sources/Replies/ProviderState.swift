/// What a service wants back with a conversation's later requests, such as encrypted reasoning or the signatures of
/// thinking blocks. Only the service that it comes from can read it.
public struct ProviderState: Sendable, Equatable {
    /// The provider's registry id.
    public var provider: String
    /// A JSON value without line breaks.
    public var json: String

    public init(provider: String, json: String) {
        self.provider = provider
        self.json = json
    }
}
