import Foundation

/// Keeps tokens of near-average surprise (Meister et al. 2022, "Locally typical sampling").
///
/// In order of |−ln p − H|, H the entropy, candidates are kept until their probabilities add up to more than p. The
/// likeliest token may leave, when it says too little.
struct TypicalP: SamplerStep {
    let p: Float

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        let softmax = Softmax(candidates)
        let entropy = softmax.entropy
        let deviations = softmax.weights.indices.map { index in
            softmax.weights[index] > 0 ? Float(abs(-log(softmax.probability(index)) - entropy)) : .infinity
        }
        let kept = WeightedPrefix(keys: deviations, weights: softmax.weights)
            .reaching((Double(p) * softmax.total).nextUp)
        candidates.keep { index, _ in kept[index] }
    }
}
