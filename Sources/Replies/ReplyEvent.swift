import Sampling

/// What happens while a reply is generated, in order: loading (if necessary), prefill, tokens, one `finished`.
public enum ReplyEvent: Sendable, Equatable {
    /// The model is being loaded; the fraction is 0…1, nil if it is not known.
    case loading(name: String, fraction: Double?)
    /// `done` of `total` prompt tokens are in the KV cache; `cached` of them were there before.
    case prefill(done: Int, total: Int, cached: Int)
    /// The seed of this reply and the fingerprint of the model's file (nil if unknown), before the first token.
    case started(seed: UInt64, fingerprint: String?)
    /// How many tokens of the context are in use. Sent before the first token and after the last one.
    case context(used: Int, limit: Int)
    /// A token and the text that is complete with it.
    case chunk(ReplyChunk)
    /// The distribution of the token to be chosen next; about ten times a second if the request asks for it.
    case next(NextToken)
    /// A service is busy or did not answer; the request is repeated after these seconds. The reason is one line.
    case retrying(reason: String, seconds: Double)
    /// What the service wants back with the conversation's later requests; replaces what came before in this reply.
    case providerState(ProviderState)
    /// Something the user should know, although the reply goes on.
    case notice(ReplyNotice)
    case finished(ReplyStats)
}

/// What one step of generation adds to a reply.
public struct ReplyChunk: Sendable, Equatable {
    /// The id of the token that was added; nil for the token that ended the reply, and for text without a token (held
    /// back until the end, or from a provider that does not report tokens).
    public var token: Int32?
    /// The chosen token with its probabilities and alternatives, if the request asks for them. The token that ended the
    /// reply has details too.
    public var details: ReplyToken?
    /// The text that is complete with this token. Empty for control tokens, and as long as a character or a possible
    /// stop string is incomplete; a later chunk then has the text of several tokens.
    public var text: String
    /// The same for the model's reasoning, without the tags around it.
    public var reasoning: String
    /// Tokens of the context in use with this token; nil if unknown.
    public var contextUsed: Int?
    /// How many tokens this is. An estimate from services, which stream pieces of text: one a piece.
    public var tokenCount: Int

    public init(
        token: Int32? = nil, details: ReplyToken? = nil, text: String = "", reasoning: String = "",
        contextUsed: Int? = nil, tokenCount: Int? = nil
    ) {
        self.token = token
        self.tokenCount = tokenCount ?? (token == nil ? 0 : 1)
        self.details = details
        self.text = text
        self.reasoning = reasoning
        self.contextUsed = contextUsed
    }
}

/// A remark about a reply that still succeeds.
public enum ReplyNotice: Sendable, Equatable {
    /// The conversation no longer fits: its oldest turns are not in the prompt (the session keeps them).
    case turnsDropped(count: Int, promptTokens: Int, limit: Int)
    case other(String)
}
