/// The tokens of the prompt and the reply so far, and how often each occurs among the latest of them.
struct TokenHistory: Sendable {
    private(set) var tokens: [Int32] = []
    /// Occurrences among the latest `window` tokens.
    private(set) var counts: [Int32: Int] = [:]
    /// How many of the latest tokens are counted; negative counts all.
    private(set) var window: Int

    init(window: Int) { self.window = window }

    mutating func append(_ token: Int32) {
        tokens.append(token)
        guard window != 0 else { return }
        counts[token, default: 0] += 1
        if window > 0, tokens.count > window { forget(tokens[tokens.count - 1 - window]) }
    }

    /// Counts over another number of latest tokens from now on.
    mutating func count(latest window: Int) {
        guard window != self.window else { return }
        self.window = window
        counts = [:]
        for token in latest(window) { counts[token, default: 0] += 1 }
    }

    /// The latest `count` tokens, oldest first; all where `count` is negative.
    func latest(_ count: Int) -> ArraySlice<Int32> { count < 0 ? tokens[...] : tokens.suffix(count) }

    private mutating func forget(_ token: Int32) {
        if let count = counts[token], count > 1 { counts[token] = count - 1 } else { counts[token] = nil }
    }
}
