/// XTC, "exclude top choices": with some probability, removes all but the least likely of the tokens that reach the
/// threshold. This makes replies less predictable where there is another good continuation.
///
/// Reference: p-e-w, https://github.com/oobabooga/text-generation-webui/pull/6335.
struct ExcludeTopChoices: SamplerStep {
    var kind: SamplerStepKind { .excludeTopChoices }
    let probability: Float
    let threshold: Float

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        guard candidates.count > 1 else { return }
        apply(to: &candidates, chance: state.random.uniform())
    }

    /// `chance` is a number in [0, 1): the step acts if it is at most the probability.
    func apply(to candidates: inout Candidates, chance: Double) {
        guard chance <= Double(probability) else { return }
        let softmax = Softmax(candidates)
        let good = softmax.weights.indices.filter { softmax.probability($0) >= Double(threshold) }
        guard good.count > 1, let survivor = good.min(by: { softmax.weights[$0] <= softmax.weights[$1] })
        else { return }
        candidates.keep { index, _ in index == survivor || softmax.probability(index) < Double(threshold) }
    }
}
