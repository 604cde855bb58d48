/// The tokens of the prompt and the reply so far, and the number of occurrences among the latest of them.
struct TokenHistory: Sendable {
    private(set) var tokens: [Int32] = []
    /// Occurrences among the latest `window` tokens.
    private(set) var counts: [Int32: Int] = [:]
    /// The number of latest tokens that are counted; negative for all.
    private(set) var window: Int

    init(window: Int) { self.window = window }

    mutating func append(_ token: Int32) {
        tokens.append(token)
        guard window != 0 else { return }
        counts[token, default: 0] += 1
        if window > 0, tokens.count > window { forget(tokens[tokens.count - 1 - window]) }
    }

    /// Changes the number of latest tokens that are counted.
    mutating func count(latest window: Int) {
        guard window != self.window else { return }
        self.window = window
        counts = [:]
        for token in latest(window) { counts[token, default: 0] += 1 }
    }

    /// The latest `count` tokens, oldest first; all if `count` is negative.
    func latest(_ count: Int) -> ArraySlice<Int32> { count < 0 ? tokens[...] : tokens.suffix(count) }

    private mutating func forget(_ token: Int32) {
        if let count = counts[token], count > 1 { counts[token] = count - 1 } else { counts[token] = nil }
    }
}
