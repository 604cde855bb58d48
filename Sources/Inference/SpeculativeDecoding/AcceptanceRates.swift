/// What a draft rests on.
enum DraftSource {
    /// The text's latest `length` tokens stood before what was drafted.
    case lookup(length: Int)
    /// A smaller model said so.
    case model
}

/// How often drafted tokens were right in this reply, by what they rested on.
struct AcceptanceRates {
    /// By length of the match.
    private var lookup = (0...NGramIndex.longest).map(Self.usual)
    private var model = Self.usualModel

    private static let rate = 1.0 / 16
    /// What is not drafted is not learned about either; trust comes back slowly.
    private static let recovery = 1.0 / 64
    private static let usualModel = 0.7
    private static func usual(_ length: Int) -> Double { Double(length) / Double(length + 3) }

    /// How likely the drafted token at a place of the draft is right, if those before it are: each of those makes the match
    /// longer.
    func chance(_ origin: DraftSource, at index: Int) -> Double {
        switch origin {
        case .lookup(let length): lookup[min(length + index, NGramIndex.longest)]
        case .model: model
        }
    }

    func chances(_ origin: DraftSource, count: Int) -> [Double] { (0..<count).map { chance(origin, at: $0) } }

    mutating func record(_ origin: DraftSource, at index: Int, isRight: Bool) {
        let outcome = isRight ? 1.0 : 0
        switch origin {
        case .lookup(let length):
            let slot = min(length + index, NGramIndex.longest)
            lookup[slot] += Self.rate * (outcome - lookup[slot])
        case .model: model += Self.rate * (outcome - model)
        }
    }

    /// A draft was not worth its cost.
    mutating func passOver(_ origin: DraftSource) {
        switch origin {
        case .lookup(let length): lookup[length] += Self.recovery * max(0, Self.usual(length) - lookup[length])
        case .model: model += Self.recovery * max(0, Self.usualModel - model)
        }
    }
}
