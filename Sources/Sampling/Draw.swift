/// A candidate drawn by probability: the first one at which the running sum of weights exceeds `number` · total.
struct Draw {
    let index: Int
    /// The probability of the drawn candidate.
    let probability: Double
    /// The distribution that it was drawn from.
    let softmax: Softmax

    /// `number` is uniform in [0, 1). Forbidden candidates are never drawn unless there are no others.
    init(_ candidates: Candidates, number: Double) {
        softmax = Softmax(candidates)
        let target = number * softmax.total
        var sum = 0.0
        var drawn = softmax.weights.lastIndex { $0 > 0 } ?? 0
        for (index, weight) in softmax.weights.enumerated() {
            sum += Double(weight)
            if sum > target {
                drawn = index
                break
            }
        }
        index = drawn
        probability = softmax.probability(drawn)
    }
}
