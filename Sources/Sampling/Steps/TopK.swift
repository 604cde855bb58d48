/// Keeps the k likeliest candidates (Fan et al. 2018), and leaves them sorted.
struct TopK: SamplerStep {
    let k: Int

    func apply(to candidates: inout Candidates, state: inout SamplerState) { candidates.keepLargest(k) }
}
