/// How rotary positions are scaled so that a model supports a longer context than it was first trained with.
package struct RoPEScaling: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// All frequencies are divided by `factor`. (Chen et al. 2023)
        case linear
        /// Low frequencies are divided by `factor` and high ones are kept, with a ramp in between. (Peng et al. 2023)
        case yarn(originalContext: Int, betaFast: Double, betaSlow: Double, logMultiplier: Double)
    }

    var kind = Kind.linear
    /// 1 for none.
    var factor = 1.0
    /// Factor of cosines and sines (used by LongRoPE models).
    var magnitude = 1.0

    static let none = RoPEScaling()
}
