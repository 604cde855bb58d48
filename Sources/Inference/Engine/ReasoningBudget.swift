import Reasoning
import Tokenizers

/// Counts what a model thinks, and makes it stop: tokens that close its tag then take the place of what it would choose.
struct ReasoningBudget {
    private var tokens = 0
    private var seconds = 0.0
    private var started: ContinuousClock.Instant?
    private var forced: ArraySlice<Int32> = []
    private var isSpent = false

    /// The next token where it is not the model's to choose.
    ///
    /// - Parameters:
    ///   - limit: tokens that the model may think with; 0 for any number.
    ///   - tag: the tag that is open.
    mutating func forcedToken(limit: Int, in tag: ReasoningTag?, _ tokenizer: Tokenizer?) -> Int32? {
        if let tag, let tokenizer, limit > 0, tokens >= limit, !isSpent {
            isSpent = true
            forced = tokenizer.encode("\n\(tag.close)\n\n", parseSpecial: true)[...]
        }
        return forced.popFirst()
    }

    /// Notes that a token was taken, in or outside of reasoning.
    mutating func count(isReasoning: Bool, now: ContinuousClock.Instant) {
        if isReasoning {
            tokens += 1
            started = started ?? now
        } else if let began = started {
            seconds += (now - began).seconds
            started = nil
        }
    }

    /// How many tokens the model thought with, and for how many seconds.
    func total(now: ContinuousClock.Instant) -> (tokens: Int, seconds: Double) {
        (tokens, seconds + (started.map { (now - $0).seconds } ?? 0))
    }
}
