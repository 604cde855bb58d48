#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Chooses the experts of each token and their weights.
package struct Router {
    /// How the router's logits become weights.
    package enum Gating: Sendable {
        /// (Shazeer et al. 2017)
        case softmax
        /// Each on its own. (DeepSeek-AI 2024, "DeepSeek-V3")
        case sigmoid
        /// Over the chosen experts only. (gpt-oss)
        case softmaxOfChosen
        /// √(ln(1 + e^x))
        case rootOfSoftplus
    }

    let config: ExpertsConfig
    let linear: Linear  // [experts × E]
    /// Added to the scores by which experts are chosen, not to their weights. [experts]
    let selectionBias: FloatBuffer?
    /// Whether experts are chosen by their logits, before the gating (Llama 4).
    let choosesByLogits: Bool

    /// The smallest sum that weights are divided by, the least that half precision represents.
    private static let leastSum: Float = 6.103515625e-5

    /// - Parameters:
    ///   - logits: [experts]; become the weights of all experts.
    ///   - chosen: [used], the best expert first
    ///   - weights: [used]
    func choose(
        _ logits: UnsafeMutablePointer<Float>, _ chosen: inout [Int32], _ weights: inout [Float], at first: Int
    ) {
        let probabilities = gated(UnsafeMutableBufferPointer(start: logits, count: config.experts))
        var scores = choosesByLogits ? Array(UnsafeBufferPointer(start: logits, count: config.experts)) : probabilities
        for index in probabilities.indices { logits[index] = probabilities[index] }
        if let selectionBias { for index in scores.indices { scores[index] += selectionBias.base[index] } }
        if config.groups > 1 { leaveOutGroups(&scores) }
        for rank in first..<first + config.used {
            let best = Self.takeLargest(&scores)
            chosen[rank] = Int32(best)
            weights[rank] = probabilities[best]
        }
        weigh(&weights, first..<first + config.used)
    }

    private func gated(_ logits: UnsafeMutableBufferPointer<Float>) -> [Float] {
        switch config.gating {
        case .softmax: return Self.softmax(Array(logits))
        case .sigmoid: return logits.map { 1 / (1 + exp(-$0)) }
        case .softmaxOfChosen: return Array(logits)
        case .rootOfSoftplus: return logits.map { ($0 > 20 ? $0 : log1p(exp($0))).squareRoot() }
        }
    }

    /// Normalises and scales the weights of a token's experts.
    func weigh(_ weights: inout [Float], _ ranks: Range<Int>) {
        if config.gating == .softmaxOfChosen {
            let normalized = Self.softmax(Array(weights[ranks]))
            for (rank, weight) in zip(ranks, normalized) { weights[rank] = weight }
        }
        if config.normalizesWeights {
            let sum = max(weights[ranks].reduce(0, +), Self.leastSum)
            for rank in ranks { weights[rank] /= sum }
        }
        if config.weightsScale != 1 { for rank in ranks { weights[rank] *= config.weightsScale } }
    }

    /// Leaves only the groups with the largest scores: of their best expert (DeepSeek-AI 2024, "DeepSeek-V2"), or the sum of
    /// their best two ("DeepSeek-V3").
    private func leaveOutGroups(_ scores: inout [Float]) {
        let size = config.experts / config.groups
        var groupScores = (0..<config.groups).map { group in
            let own = scores[group * size..<(group + 1) * size]
            return config.scoresGroupsByBest ? own.max() ?? -.infinity : Self.sumOfTwoLargest(own)
        }
        var kept = Set<Int>()
        for _ in 0..<config.groupsUsed { kept.insert(Self.takeLargest(&groupScores)) }
        for group in 0..<config.groups where !kept.contains(group) {
            for index in group * size..<(group + 1) * size { scores[index] = -.infinity }
        }
    }

    /// The index of the largest score, which is then taken out of the choice.
    private static func takeLargest(_ scores: inout [Float]) -> Int {
        var best = 0
        for index in 1..<max(1, scores.count) where scores[index] > scores[best] { best = index }
        scores[best] = -.infinity
        return best
    }

    private static func sumOfTwoLargest(_ scores: ArraySlice<Float>) -> Float {
        var (first, second) = (-Float.infinity, -Float.infinity)
        for score in scores {
            if score > first { (first, second) = (score, first) } else if score > second { second = score }
        }
        return first + second
    }

    private static func softmax(_ logits: [Float]) -> [Float] {
        let largest = logits.max() ?? 0
        let powers = logits.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}
