/// Draws one candidate by its probability: the first at which the running sum of weights passes `number` of the total.
struct Draw {
    let index: Int
    /// The probability that the drawn candidate had.
    let probability: Double
    /// What it was drawn from.
    let softmax: Softmax

    /// `number` is uniform in [0, 1). A forbidden candidate is never drawn while there is another.
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
