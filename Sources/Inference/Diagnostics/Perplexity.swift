#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How surprised a model is by a text.
public struct Perplexity: Sendable, Equatable {
    /// e to the mean negative log-likelihood of the scored tokens.
    public var value: Double
    /// Standard error of `value`.
    public var uncertainty: Double
    /// Tokens of the text.
    public var tokens: Int
    /// Tokens whose likelihood was scored.
    public var scored: Int
    /// Tokens that were read at a time.
    public var window: Int
}

extension Engine {
    /// The perplexity of a text, reckoned as llama.cpp's tool does it so that numbers can be compared.
    ///
    /// The tokens are cut into whole windows (a rest is left out), each read from an empty cache; where the model wants
    /// a begin-of-sequence token, it takes the place of a window's first token. Only tokens in the second half of a
    /// window are scored: all of them have at least half a window of context.
    ///
    /// - Parameters:
    ///   - tokens: as the model asks for them at the start of a text (with its begin-of-sequence token if any).
    ///   - window: tokens per window; shortened to half of a text that would not fill two of them.
    ///   - progress: called with windows done and windows in all.
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
