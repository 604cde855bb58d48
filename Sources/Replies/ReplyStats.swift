/// Statistics of a reply. Durations are in seconds.
public struct ReplyStats: Sendable, Equatable, Codable {
    public var promptTokens: Int
    /// How many of the prompt's tokens were already in the KV cache.
    public var cachedTokens: Int
    /// The reply's tokens, without the one that ended it.
    public var generatedTokens: Int
    /// From the request to the first token.
    public var firstTokenSeconds: Double
    /// Decode speed, first token excluded; 0 for replies of fewer than two tokens.
    public var tokensPerSecond: Double
    /// Tokens that speculative decoding drafted, and how many of them were accepted.
    public var draftedTokens: Int
    public var acceptedTokens: Int
    /// How many of the generated tokens are reasoning, and how long the model reasoned.
    public var reasoningTokens = 0
    public var reasoningSeconds = 0.0
    /// Prompt tokens that a service wrote to its cache, which some charge more for than for reading them.
    public var cacheWriteTokens = 0
    /// What a service charges; nil for local models and if the price is not known.
    public var cost: Cost?
    public var stop: StopReason

    public init(
        promptTokens: Int = 0, cachedTokens: Int = 0, generatedTokens: Int = 0, firstTokenSeconds: Double = 0,
        tokensPerSecond: Double = 0, draftedTokens: Int = 0, acceptedTokens: Int = 0, stop: StopReason
    ) {
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens
        self.generatedTokens = generatedTokens
        self.firstTokenSeconds = firstTokenSeconds
        self.tokensPerSecond = tokensPerSecond
        self.draftedTokens = draftedTokens
        self.acceptedTokens = acceptedTokens
        self.stop = stop
    }
}

/// Why a reply ended.
public enum StopReason: String, Sendable, Codable {
    /// The model ended its turn.
    case endOfTurn
    /// One of the user's stop strings was generated.
    case stopText
    case tokenLimit
    case contextFull
    /// The model was repeating itself.
    case repetition
    /// The user stopped it.
    case cancelled
    /// The program or the connection ended before the reply did.
    case interrupted
    /// The model or its service declined to answer.
    case refused
    /// The service paused a long turn; a continuation resumes it.
    case paused
}
