/// Where a draft comes from.
enum DraftSource {
    /// An earlier occurrence of the text's latest `length` tokens.
    case lookup(length: Int)
    /// A draft model.
    case model
}

/// The share of drafted tokens that were accepted in this reply, by their source.
struct AcceptanceRates {
    /// By length of the match.
    private var lookup = (0...NGramIndex.longest).map(Self.initial)
    private var model = Self.initialModel

    private static let learningRate = 1.0 / 16
    /// Without drafts there is nothing to measure, so rates slowly return to their initial values.
    private static let recoveryRate = 1.0 / 64
    private static let initialModel = 0.7
    private static func initial(_ length: Int) -> Double { Double(length) / Double(length + 3) }

    /// For each token of a draft, the probability that it is accepted if those before it are. Each accepted token makes
    /// a match longer.
    func estimates(_ source: DraftSource, count: Int) -> [Double] {
        (0..<count).map { index in
            switch source {
            case .lookup(let length): lookup[min(length + index, NGramIndex.longest)]
            case .model: model
            }
        }
    }

    /// - Parameter index: the token's index in the draft.
    mutating func record(_ source: DraftSource, at index: Int, isAccepted: Bool) {
        let outcome = isAccepted ? 1.0 : 0
        switch source {
        case .lookup(let length):
            let slot = min(length + index, NGramIndex.longest)
            lookup[slot] += Self.learningRate * (outcome - lookup[slot])
        case .model: model += Self.learningRate * (outcome - model)
        }
    }

    /// Records that a source was not used, because its drafts were not worth their cost.
    mutating func recordUnused(_ source: DraftSource) {
        switch source {
        case .lookup(let length):
            lookup[length] += Self.recoveryRate * max(0, Self.initial(length) - lookup[length])
        case .model: model += Self.recoveryRate * max(0, Self.initialModel - model)
        }
    }
}
