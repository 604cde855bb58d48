/// Keeps the k likeliest candidates, sorted (Fan et al. 2018).
struct TopK: SamplerStep {
    var kind: SamplerStepKind { .topK }
    let k: Int

    func apply(to candidates: inout Candidates, state: inout SamplerState) { candidates.keepLargest(k) }
}
