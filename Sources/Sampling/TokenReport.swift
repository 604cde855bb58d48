/// A token with its probability before the sampler chain and after it.
public struct TokenProbabilities: Sendable, Equatable {
    public var token: Int32
    /// By the model alone: the softmax of its logits, 0…1.
    public var before: Float
    /// Among the candidates that the chain left, 0…1; 0 for a token that it removed.
    public var after: Float

    public init(token: Int32, before: Float, after: Float) {
        self.token = token
        self.before = before
        self.after = after
    }
}

/// One token of a reply, and what else could have stood in its place.
public struct TokenReport: Sendable, Equatable {
    public var chosen: TokenProbabilities
    /// The likeliest by the model alone, likeliest first; the chosen one is among them where it is so likely.
    public var alternatives: [TokenProbabilities]

    public init(chosen: TokenProbabilities, alternatives: [TokenProbabilities]) {
        self.chosen = chosen
        self.alternatives = alternatives
    }
}
