/// Keeps the smallest set of the likeliest candidates whose probabilities add up to at least p ("nucleus", Holtzman et
/// al. 2019).
struct TopP: SamplerStep {
    var kind: SamplerStepKind { .topP }
    let p: Float

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        let softmax = Softmax(candidates)
        let target = Double(p) * softmax.total
        guard candidates.isSorted else {
            // Candidates less likely than (1 − p) / n add up to less than 1 − p, so the set never needs one of them.
            let floor = Float((softmax.total - target) / Double(candidates.count))
            let items = softmax.weights.indices.filter { softmax.weights[$0] > 0 && softmax.weights[$0] >= floor }
            let prefix = WeightedPrefix(
                keys: candidates.logits, weights: softmax.weights, items: items, reaching: target)
            return candidates.keep { index, _ in prefix.contains(index) }
        }
        var sum = 0.0
        var kept = 0
        while kept < candidates.count, kept == 0 || sum < target {
            sum += Double(softmax.weights[kept])
            kept += 1
        }
        candidates.keepFirst(kept)
    }
}
