import Sampling

/// What happens while a reply is made, in order; `finished` comes last and once.
public enum EngineEvent: Sendable, Equatable {
    /// The oldest `count` turns after the system prompt are not part of this prompt, since all would not fit `limit`.
    case turnsDropped(count: Int, promptTokens: Int, limit: Int)
    /// `done` of `total` prompt tokens are in the cache, `cached` of them were there before.
    case prefill(done: Int, total: Int, cached: Int)
    /// The seed that the reply draws from.
    case started(seed: UInt64)
    /// A piece of the reply and the tokens it came from. Text that may yet become a stop text is held back.
    case text(String, tokens: [Int32])
    /// A token was chosen (also one that ends the reply); only where the options ask for alternatives.
    case token(TokenReport)
    /// The token to be chosen now; ten times a second at most, and only where the options ask for it.
    case next(NextToken)
    /// The same of what the model thinks before it answers, without the tags around it.
    case reasoning(String, tokens: [Int32])
    /// How many tokens of the window are in use.
    case context(used: Int, limit: Int)
    case finished(GenerationStats)
}

/// How a reply went.
public struct GenerationStats: Sendable, Equatable {
    public var promptTokens: Int
    /// Of the prompt, how many were already in the cache.
    public var cachedTokens: Int
    /// The reply's tokens, without the one that ended it.
    public var generatedTokens: Int
    /// From the request to the first token, in seconds.
    public var firstTokenSeconds: Double
    /// Decode speed, first token excluded; 0 for replies of fewer than two tokens.
    public var tokensPerSecond: Double
    /// Tokens that were computed before they were chosen, and of those how many were.
    public var draftedTokens = 0
    public var acceptedTokens = 0
    /// Of the generated tokens, how many the model thought with, and for how many seconds.
    public var reasoningTokens = 0
    public var reasoningSeconds = 0.0
    public var stop: Stop

    /// Why a reply ended.
    public enum Stop: String, Sendable, CaseIterable {
        /// The model said it was done.
        case endOfTurn
        /// One of the stop texts came.
        case stopText
        case tokenLimit
        case contextFull
        /// The model went round in a circle.
        case repetition
        case cancelled
    }
}
