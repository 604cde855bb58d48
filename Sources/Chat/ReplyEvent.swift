import Sampling

/// What happens while a reply is made, in order: loading (where needed), prefill, text, one `finished`.
public enum ReplyEvent: Sendable, Equatable {
    /// The model is being read; the fraction is 0…1.
    case loading(name: String, fraction: Double)
    /// `done` of `total` prompt tokens are in the KV cache, `cached` of them were there before.
    case prefill(done: Int, total: Int, cached: Int)
    /// The seed that this reply draws from, known before its first token.
    case started(seed: UInt64, model: ModelReference)
    /// The next piece of the reply and the tokens it came from (none where the provider does not tell).
    case text(String, tokens: [Int32])
    /// A token was chosen; its text comes later, or never where it is a control token or the end of a stop text. Only
    /// from providers that can tell.
    case token(ReplyToken)
    /// The token to be chosen now; told some ten times a second while `LiveSettings.isWatched`.
    case next(NextToken)
    /// The same of what the model thinks before it answers, without the tags around it.
    case reasoning(String, tokens: [Int32])
    /// How many tokens of the window are in use, of how many.
    case context(used: Int, limit: Int)
    /// Something the person should see, though the reply goes on.
    case notice(ReplyNotice)
    case finished(ReplyStats)
}

/// A visible remark about a reply that still succeeds.
public enum ReplyNotice: Sendable, Equatable {
    /// The conversation no longer fits: its oldest turns left the window (the session keeps them).
    case turnsDropped(count: Int, promptTokens: Int, limit: Int)
    case other(String)
}

/// Why a reply ended.
public enum StopReason: String, Sendable, Codable {
    /// The model said it was done.
    case endOfTurn
    /// One of the person's stop texts came.
    case stopText
    case tokenLimit
    case contextFull
    /// The model went round in a circle.
    case repetition
    /// The person stopped it.
    case cancelled
    /// The program or the connection ended before the reply did.
    case interrupted
}

/// How a reply went. Durations are seconds.
public struct ReplyStats: Sendable, Equatable, Codable {
    public var promptTokens: Int
    /// Of the prompt, how many were already in the KV cache.
    public var cachedTokens: Int
    public var generatedTokens: Int
    public var firstTokenSeconds: Double
    /// Decode speed, first token excluded.
    public var tokensPerSecond: Double
    /// Tokens that were computed before they were chosen, and of those how many were.
    public var draftedTokens: Int
    public var acceptedTokens: Int
    /// Of the generated tokens, how many the model thought with, and for how many seconds.
    public var reasoningTokens = 0
    public var reasoningSeconds = 0.0
    public var stop: StopReason

    public init(
        promptTokens: Int, cachedTokens: Int, generatedTokens: Int, firstTokenSeconds: Double,
        tokensPerSecond: Double, draftedTokens: Int = 0, acceptedTokens: Int = 0, stop: StopReason
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
