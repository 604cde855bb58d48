import Reasoning
import Tokenizers

/// Counts the tokens of a model's reasoning. When the budget is used up, it forces the tokens that close the tag.
struct ReasoningBudget {
    private var tokens = 0
    private var seconds = 0.0
    private var started: ContinuousClock.Instant?
    private var forced: ArraySlice<Int32> = []
    private var isSpent = false

    /// The next token if it is forced; nil if the sampler chooses.
    ///
    /// - Parameters:
    ///   - limit: the maximum number of reasoning tokens; 0 for no limit.
    ///   - tag: the tag that is open.
    mutating func forcedToken(limit: Int, in tag: ReasoningTag?, _ tokenizer: Tokenizer?) -> Int32? {
        if let tag, let tokenizer, limit > 0, tokens >= limit, !isSpent {
            isSpent = true
            forced = tokenizer.encode("\n\(tag.close)\n\n", parseSpecial: true)[...]
        }
        return forced.popFirst()
    }

    /// Counts a token that was chosen.
    mutating func count(isReasoning: Bool, now: ContinuousClock.Instant) {
        if isReasoning {
            tokens += 1
            started = started ?? now
        } else if let began = started {
            seconds += (now - began).seconds
            started = nil
        }
    }

    /// The number of reasoning tokens, and the time they took.
    func total(now: ContinuousClock.Instant) -> (tokens: Int, seconds: Double) {
        (tokens, seconds + (started.map { (now - $0).seconds } ?? 0))
    }
}
