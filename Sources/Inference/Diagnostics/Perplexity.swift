#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The perplexity of a text for a model.
public struct Perplexity: Sendable, Equatable {
    /// e to the mean negative log-likelihood of the scored tokens.
    public var value: Double
    /// Standard error of `value`.
    public var uncertainty: Double
    /// Tokens of the text.
    public var tokens: Int
    /// Tokens whose likelihood was scored.
    public var scored: Int
    /// Tokens per window.
    public var window: Int
}

extension Engine {
    /// The perplexity of a text, calculated like llama.cpp's tool, so that results are comparable.
    ///
    /// The tokens are divided into windows (without a partial last one), each starting with an empty cache. If the model
    /// uses a begin-of-sequence token, it replaces a window's first token. Only tokens in the second half of a window are
    /// scored, so that all of them have at least half a window of context.
    ///
    /// - Parameters:
    ///   - tokens: the text's tokens, including the begin-of-sequence token if the model uses one.
    ///   - window: tokens per window; reduced to half of the text if it would not fill two windows.
    ///   - progress: called with the number of windows done, and of all windows.
    public func perplexity(
        tokens: [Int32], window: Int = 512, progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws(EngineError) -> Perplexity {
        let window = min(window, contextLength, tokens.count / 2)
        guard window >= 4 else { throw .textTooShort(tokens: tokens.count, least: 8) }
        let windows = tokens.count / window
        let bos = model.tokenizer.flatMap { $0.addsBOS ? $0.bos : nil }
        var scored = 0
        var sum = 0.0
        var squares = 0.0
        for index in 0..<windows {
            progress(index, windows)
            var part = Array(tokens[index * window..<(index + 1) * window])
            let next = part
            if let bos { part[0] = bos }
            try forEachLogits(part) { position, logits in
                guard position >= window / 2, position + 1 < window else { return }
                let surprise = -logProbability(of: next[position + 1], logits)
                scored += 1
                sum += surprise
                squares += surprise * surprise
            }
        }
        progress(windows, windows)
        let mean = sum / Double(scored)
        let value = exp(mean)
        let variance = max(0, squares / Double(scored) - mean * mean)
        return Perplexity(
            value: value, uncertainty: value * (variance / Double(max(1, scored - 1))).squareRoot(),
            tokens: tokens.count, scored: scored, window: window)
    }
}

/// ln of a token's softmax probability.
private func logProbability(of token: Int32, _ logits: UnsafeBufferPointer<Float>) -> Double {
    let largest = logits.max() ?? 0
    let sum = logits.reduce(0.0) { $0 + Double(expf($1 - largest)) }
    return Double(logits[Int(token)] - largest) - log(sum)
}
