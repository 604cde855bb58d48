import Sampling

/// What a person can set for a conversation's replies: the sampler chain and the limits around it.
public struct GenerationSettings: Sendable, Equatable {
    public var sampling = SamplingSettings()
    /// Tokens after which a reply is cut, and says so. Finite by default so that no reply runs away.
    public var maxTokens = 2048
    /// Texts that end a reply; they are not part of it.
    public var stop: [String] = []
    /// Tokens the conversation may take, 0 for the model's own (as memory allows).
    public var contextLength = 0
    /// Whether probable tokens are computed ahead; replies come faster and stay the same.
    public var speculation = true
    public var thinking = Thinking.auto
    /// Tokens after which a model that thinks is made to answer; 0 lets it think on.
    public var reasoningBudget = 0

    public init() {}
}
