/// One step of the sampler chain: changes the logits of some candidates, or removes some.
///
/// A step holds only its settings. What lasts from token to token is in the state.
protocol SamplerStep: Sendable {
    var kind: SamplerStepKind { get }
    func apply(to candidates: inout Candidates, state: inout SamplerState)
}

/// The steps, each by the name of the setting that turns it on.
public enum SamplerStepKind: String, Sendable, CaseIterable {
    case logitBias = "logit_bias", penalties = "repeat_penalty", dontRepeatYourself = "dry_multiplier"
    case topNSigma = "top_n_sigma", topK = "top_k", typicalP = "typical_p", topP = "top_p", minP = "min_p"
    case excludeTopChoices = "xtc_probability"
    case temperature, mirostat

    /// Whether the step changes single logits and removes nothing.
    var isAdjustment: Bool { [.logitBias, .penalties, .dontRepeatYourself].contains(self) }
}

/// What the chain remembers from one token to the next. Changed settings leave it alone.
struct SamplerState: Sendable {
    var history: TokenHistory
    var random: RandomSource
    /// Mirostat's limit on the surprise of a token, in bits (µ in the paper); nil until it first runs.
    var surpriseLimit: Double?
}
