/// How rotary positions are stretched so that a model reads further than it was first trained to.
package struct RoPEScaling: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Every frequency divided by `factor`. (Chen et al. 2023)
        case linear
        /// High frequencies stay, low ones are divided by `factor`, with a ramp between. (Peng et al. 2023)
        case yarn(originalContext: Int, betaFast: Double, betaSlow: Double, logMultiplier: Double)
    }

    var kind = Kind.linear
    /// 1 for none.
    var factor = 1.0
    /// Multiplies cosines and sines (LongRoPE models carry one).
    var magnitude = 1.0

    static let none = RoPEScaling()
}
