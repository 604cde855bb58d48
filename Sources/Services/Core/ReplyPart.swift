import JSON
import Replies

/// What an event of a service's stream says, in the words of every service.
enum ReplyPart: Sendable, Equatable {
    case text(String)
    case reasoning(String)
    /// A piece of the text with the probabilities of its tokens.
    case tokens([ReplyToken], text: String)
    /// The service loads the model; the fraction is 0…1, nil if it does not say.
    case loading(Double?)
    /// `done` of `total` prompt tokens are read; `cached` of them were in a cache.
    case prefill(done: Int, total: Int, cached: Int)
    case usage(Usage)
    /// What the service wants back with later requests; replaces what came before.
    case state(JSONValue)
    case notice(String)
    case stop(StopReason)
}

/// What a service counts. Nil where it says nothing.
struct Usage: Sendable, Equatable {
    /// Tokens of the whole prompt, with those read from and written to a cache.
    var promptTokens: Int?
    var cachedTokens: Int?
    var cacheWriteTokens: Int?
    /// All tokens that the model generated, with reasoning.
    var generatedTokens: Int?
    var reasoningTokens: Int?
    /// Measured by the service.
    var tokensPerSecond: Double?
    /// US dollars, where the service says what it charges.
    var dollars: Double?

    /// Takes over what a later report says.
    mutating func merge(_ later: Usage) {
        promptTokens = later.promptTokens ?? promptTokens
        cachedTokens = later.cachedTokens ?? cachedTokens
        cacheWriteTokens = later.cacheWriteTokens ?? cacheWriteTokens
        generatedTokens = later.generatedTokens ?? generatedTokens
        reasoningTokens = later.reasoningTokens ?? reasoningTokens
        tokensPerSecond = later.tokensPerSecond ?? tokensPerSecond
        dollars = later.dollars ?? dollars
    }
}
