/// Keeps candidates within n standard deviations of the largest logit (Tang et al. 2024, "Top-nσ").
///
/// The standard deviation is that of all logits except those of forbidden tokens.
struct TopNSigma: SamplerStep {
    var kind: SamplerStepKind { .topNSigma }
    let n: Float

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        let allowed = candidates.logits.lazy.filter { $0 > -.infinity }.map { Double($0) }
        let (count, sum) = allowed.reduce(into: (0.0, 0.0)) {
            $0.0 += 1; $0.1 += $1
        }
        guard count > 0 else { return }
        let mean = sum / count
        let variance = allowed.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let limit = Double(candidates.largestLogit) - Double(n) * variance.squareRoot()
        candidates.keep { _, logit in Double(logit) >= limit }
    }
}
