/// A token with its probability before the sampler chain and after it.
public struct TokenProbabilities: Sendable, Equatable {
    public var token: Int32
    /// According to the model alone: the softmax of its logits, 0…1.
    public var before: Float
    /// Among the candidates that remain after the chain, 0…1; 0 if the token was removed.
    public var after: Float

    public init(token: Int32, before: Float, after: Float) {
        self.token = token
        self.before = before
        self.after = after
    }
}

/// A token of a reply and its alternatives.
public struct TokenReport: Sendable, Equatable {
    public var chosen: TokenProbabilities
    /// The likeliest tokens according to the model alone, likeliest first. The chosen token may be among them.
    public var alternatives: [TokenProbabilities]

    public init(chosen: TokenProbabilities, alternatives: [TokenProbabilities]) {
        self.chosen = chosen
        self.alternatives = alternatives
    }
}
