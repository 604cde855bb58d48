/// A token with its probability among the candidates.
public struct TokenProbability: Sendable, Equatable {
    public var token: Int32
    /// 0…1.
    public var probability: Double

    public init(token: Int32, probability: Double) {
        self.token = token
        self.probability = probability
    }

    /// The `count` likeliest candidates, likeliest first, with their probabilities among all candidates.
    public static func list(_ candidates: Candidates, count: Int) -> [TokenProbability] {
        let softmax = Softmax(candidates)
        return LargestSelection.indices(of: min(max(count, 1), candidates.count), in: candidates.logits).map {
            TokenProbability(token: candidates.token(at: $0), probability: softmax.probability($0))
        }
    }
}
