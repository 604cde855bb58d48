/// What passes through the model take here and now, by how many tokens share them, and what therefore pays.
///
/// On a machine whose memory is the limit a second token in a pass costs next to nothing, on one whose arithmetic is the
/// limit nearly as much as the first. Measured as replies are made; no reply depends on it, only its speed.
package struct PassCosts {
    /// Tokens that a pass may have.
    package let widest: Int
    /// Seconds of a pass of 1, 2, … tokens; empty until one was measured.
    private var seconds: [Double] = []
    private var measured: Set<Int> = []
    private let isFixed: Bool

    /// A guess until more is known: what each further token adds, as part of a pass.
    private static let furtherToken = 0.3
    private static let rate = 1.0 / 8
    /// What was not measured for a while drifts to what the others let expect, so that no outlier lasts.
    private static let drift = 1.0 / 64

    package init(widest: Int) {
        self.widest = widest
        isFixed = false
    }

    /// Costs that stay as they are said to be, for passes of 1, 2, … tokens.
    package init(fixed seconds: [Double]) {
        widest = seconds.count
        self.seconds = seconds
        isFixed = true
    }

    /// - Parameter tokens: 1…widest.
    package mutating func record(_ passSeconds: Double, tokens: Int) {
        guard !isFixed else { return }
        func expected(_ count: Int) -> Double { passSeconds * Self.shape(count) / Self.shape(tokens) }
        guard !seconds.isEmpty else {
            seconds = (1...widest).map(expected)
            measured = [tokens]
            return
        }
        for count in 1...widest {
            let (now, weight) =
                if count != tokens { (expected(count), measured.contains(count) ? Self.drift : 1) }
                // A pass that another program held up tells little.
                else if measured.contains(count) { (min(passSeconds, 2 * seconds[count - 1]), Self.rate) } else {
                    (passSeconds, 1)
                }
            seconds[count - 1] += weight * (now - seconds[count - 1])
        }
        measured.insert(tokens)
    }

    private static func shape(_ tokens: Int) -> Double { 1 + furtherToken * Double(tokens - 1) }

    /// How many drafted tokens to take along, and what they give.
    ///
    /// - Parameters:
    ///   - chances: for each drafted token, how likely it is right if those before it are.
    ///   - draftSeconds: what drafting one takes.
    /// - Returns: 0 tokens where none pays; `rate` is in tokens per second.
    package func best(chances: [Double], draftSeconds: Double = 0) -> (count: Int, rate: Double) {
        guard let single = seconds.first, single > 0 else { return (0, 0) }
        var best = (count: 0, rate: 1 / single)
        var (tokens, chance) = (1.0, 1.0)
        for (index, next) in chances.prefix(widest - 1).enumerated() {
            chance *= next
            tokens += chance
            let rate = tokens / (seconds[index + 1] + Double(index + 1) * draftSeconds)
            if rate > best.rate { best = (index + 1, rate) }
        }
        return best
    }
}
