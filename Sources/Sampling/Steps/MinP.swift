import Foundation

/// Removes candidates whose probability is below a fraction p of the likeliest one's (Nguyen et al. 2024, "Min-p
/// sampling").
///
/// p(token) ≥ p · p(likeliest) is the same as logit ≥ largest + ln p, which needs no softmax.
struct MinP: SamplerStep {
    var kind: SamplerStepKind { .minP }
    let p: Float

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        let limit = Float(Double(candidates.largestLogit) + log(Double(p)))
        candidates.keep { _, logit in logit >= limit }
    }
}
