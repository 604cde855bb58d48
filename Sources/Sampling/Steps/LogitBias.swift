/// Adds the person's own bias to single tokens; negative infinity forbids one.
struct LogitBias: SamplerStep {
    var kind: SamplerStepKind { .logitBias }
    let biases: [Int32: Float]

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        for (token, bias) in biases { candidates.adjust(token) { $0 + bias } }
    }
}
