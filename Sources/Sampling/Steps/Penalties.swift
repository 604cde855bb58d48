/// Makes recent tokens less likely: the repetition penalty of CTRL (Keskar et al. 2019) and the presence and frequency
/// penalties of the OpenAI API.
///
///     logit ← logit / repeat              if logit > 0, else logit · repeat
///     logit ← logit − count · frequency − presence
///
/// The paper always divides, which makes tokens with negative logits likelier; multiplying those is the usual fix.
struct Penalties: SamplerStep {
    var kind: SamplerStepKind { .penalties }
    let repetition: Float
    let presence: Float
    let frequency: Float

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        for (token, count) in state.history.counts {
            candidates.adjust(token) { logit in
                let divided = logit > 0 ? logit / repetition : logit * repetition
                return divided - Float(count) * frequency - presence
            }
        }
    }
}
