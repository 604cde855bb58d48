/// One step of the sampler chain: changes the logits of some candidates, or removes some.
///
/// A step holds only its settings. What lasts from token to token is in the state.
protocol SamplerStep: Sendable {
    func apply(to candidates: inout Candidates, state: inout SamplerState)
}

/// What the chain remembers from one token to the next. Changed settings leave it alone.
struct SamplerState: Sendable {
    var history: TokenHistory
    var random: RandomSource
    /// Mirostat's limit on the surprise of a token, in bits (µ in the paper); nil until it first runs.
    var surpriseLimit: Double?
}
