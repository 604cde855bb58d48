/// A token with its probability among those it stood beside.
public struct TokenProbability: Sendable, Equatable {
    public var token: Int32
    /// 0…1.
    public var probability: Double

    public init(token: Int32, probability: Double) {
        self.token = token
        self.probability = probability
    }

    /// The likeliest `count` of the candidates, likeliest first; their probabilities are those among all candidates.
    public static func list(_ candidates: Candidates, count: Int) -> [TokenProbability] {
        let softmax = Softmax(candidates)
        return LargestSelection.indices(of: min(max(count, 1), candidates.count), in: candidates.logits).map {
            TokenProbability(token: candidates.token(at: $0), probability: softmax.probability($0))
        }
    }
}
