/// Keeps the smallest set of likeliest candidates whose probabilities add up to p or more ("nucleus", Holtzman et al. 2019).
struct TopP: SamplerStep {
    let p: Float

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        let softmax = Softmax(candidates)
        let target = Double(p) * softmax.total
        guard candidates.isSorted else {
            let kept = WeightedPrefix(keys: candidates.logits.map(-), weights: softmax.weights).reaching(target)
            return candidates.keep { index, _ in kept[index] }
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
