/// Adds the user's biases to individual tokens; negative infinity forbids a token.
struct LogitBias: SamplerStep {
    var kind: SamplerStepKind { .logitBias }
    let biases: [Int32: Float]

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        for (token, bias) in biases { candidates.adjust(token) { $0 + bias } }
    }
}
