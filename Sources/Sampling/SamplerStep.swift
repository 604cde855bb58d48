/// A sampler in the chain: changes the logits of some candidates, or removes some.
///
/// A step contains only its settings. Everything that persists between tokens is in `SamplerState`.
protocol SamplerStep: Sendable {
    var kind: SamplerStepKind { get }
    func apply(to candidates: inout Candidates, state: inout SamplerState)
}

/// The samplers. Raw values are the names of the settings that enable them.
public enum SamplerStepKind: String, Sendable, CaseIterable {
    case logitBias = "logit_bias", penalties = "repeat_penalty", dontRepeatYourself = "dry_multiplier"
    case topNSigma = "top_n_sigma", topK = "top_k", typicalP = "typical_p", topP = "top_p", minP = "min_p"
    case excludeTopChoices = "xtc_probability"
    case temperature, mirostat

    /// Whether the step changes individual logits and removes nothing.
    var isAdjustment: Bool { [.logitBias, .penalties, .dontRepeatYourself].contains(self) }
}

/// The state that the chain keeps between tokens. Changing settings does not affect it.
struct SamplerState: Sendable {
    var history: TokenHistory
    var random: RandomSource
    /// Mirostat's limit on the surprise of a token, in bits (µ in the paper); nil before its first use.
    var surpriseLimit: Double?
}
