import Replies

/// What a model costs at a service, in US dollars per million tokens.
public struct Price: Sendable, Equatable {
    public var input: Double
    public var output: Double
    /// Prompt tokens read from the service's cache; nil if they cost as much as others.
    public var cachedInput: Double?
    /// Prompt tokens written to the service's cache; nil if they cost as much as others.
    public var cacheWrite: Double?
    /// The day on which it was looked up, such as "2026-11-28".
    public var date: String
    /// Where it was looked up, such as "openai.com/api/pricing", or the user's own file.
    public var source: String

    public init(
        input: Double, output: Double, cachedInput: Double? = nil, cacheWrite: Double? = nil, date: String,
        source: String
    ) {
        self.input = input
        self.output = output
        self.cachedInput = cachedInput
        self.cacheWrite = cacheWrite
        self.date = date
        self.source = source
    }

    /// The cost of a reply, from the tokens that the service counted. Reasoning is part of the generated tokens.
    public func cost(of stats: ReplyStats) -> Cost {
        let plain = max(0, stats.promptTokens - stats.cachedTokens - stats.cacheWriteTokens)
        let dollars =
            Double(plain) * input + Double(stats.cachedTokens) * (cachedInput ?? input)
            + Double(stats.cacheWriteTokens) * (cacheWrite ?? input) + Double(stats.generatedTokens) * output
        return Cost(dollars: dollars / 1e6, priceDate: date)
    }

    /// The cost of a prompt of so many tokens, before anything is known of the reply.
    public func cost(ofPrompt tokens: Int) -> Double { Double(tokens) * input / 1e6 }
}
