/// Keeps tokens of near-average surprise (Meister et al. 2022, "Locally typical sampling").
///
/// In order of |−ln p − H|, where H is the entropy, candidates are kept until their probabilities add up to more than p.
/// This can remove the likeliest token if its surprise is too low.
struct TypicalP: SamplerStep {
    var kind: SamplerStepKind { .typicalP }
    let p: Float

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        let softmax = Softmax(candidates)
        let entropy = softmax.entropy(of: candidates)
        // Nearest to the entropy first.
        let keys = candidates.logits.map { -Float(abs(softmax.surprise(of: $0) - entropy)) }
        let prefix = WeightedPrefix(
            keys: keys, weights: softmax.weights, items: softmax.weights.indices.filter { softmax.weights[$0] > 0 },
            reaching: (Double(p) * softmax.total).nextUp)
        candidates.keep { index, _ in prefix.contains(index) }
    }
}
