/// The measured time of passes through the model by number of tokens, and the draft length that is worth it.
///
/// If memory bandwidth is the limit, a second token in a pass costs almost nothing; if arithmetic is the limit, nearly as
/// much as the first. Measured during replies. Replies do not depend on it, only their speed does.
package struct PassCosts {
    /// The most tokens of a pass.
    package let mostTokens: Int
    /// Seconds for passes of 1, 2, … tokens; empty until one has been measured.
    private var seconds: [Double] = []
    private var measured: Set<Int> = []
    private let isFixed: Bool

    /// The assumed cost of each additional token, relative to a pass of one token, until it is measured.
    private static let additionalToken = 0.3
    private static let learningRate = 1.0 / 8
    /// Costs that are not measured for a while approach those expected from other measurements, so that outliers do not
    /// persist.
    private static let driftRate = 1.0 / 64

    package init(mostTokens: Int) {
        self.mostTokens = mostTokens
        isFixed = false
    }

    /// Fixed costs of passes of 1, 2, … tokens.
    package init(fixed seconds: [Double]) {
        mostTokens = seconds.count
        self.seconds = seconds
        isFixed = true
    }

    /// - Parameter tokens: 1…mostTokens.
    package mutating func record(_ passSeconds: Double, tokens: Int) {
        guard !isFixed else { return }
        func expected(_ count: Int) -> Double { passSeconds * Self.shape(count) / Self.shape(tokens) }
        guard !seconds.isEmpty else {
            seconds = (1...mostTokens).map(expected)
            measured = [tokens]
            return
        }
        for count in 1...mostTokens {
            let (now, weight) =
                if count != tokens { (expected(count), measured.contains(count) ? Self.driftRate : 1) }
                // Limits outliers, such as a pass that was interrupted by another program.
                else if measured.contains(count) { (min(passSeconds, 2 * seconds[count - 1]), Self.learningRate) } else
                {
                    (passSeconds, 1)
                }
            seconds[count - 1] += weight * (now - seconds[count - 1])
        }
        measured.insert(tokens)
    }

    private static func shape(_ tokens: Int) -> Double { 1 + additionalToken * Double(tokens - 1) }

    /// The best number of drafted tokens, and the expected rate with them.
    ///
    /// - Parameters:
    ///   - chances: for each drafted token, the probability that it is accepted if those before it are.
    ///   - draftSeconds: the time to draft one token.
    /// - Returns: a count of 0 if no draft is worth its cost; the rate in tokens per second.
    package func best(chances: [Double], draftSeconds: Double = 0) -> (count: Int, rate: Double) {
        guard let single = seconds.first, single > 0 else { return (0, 0) }
        var best = (count: 0, rate: 1 / single)
        var (tokens, chance) = (1.0, 1.0)
        for (index, next) in chances.prefix(mostTokens - 1).enumerated() {
            chance *= next
            tokens += chance
            let rate = tokens / (seconds[index + 1] + Double(index + 1) * draftSeconds)
            if rate > best.rate { best = (index + 1, rate) }
        }
        return best
    }
}
