#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How rotary positions are scaled so that a model supports a longer context than it was first trained with.
package struct RoPEScaling: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// All frequencies are divided by `factor`. (Chen et al. 2023)
        case linear
        /// Low frequencies are divided by `factor` and high ones are kept, with a ramp in between. (Peng et al. 2023)
        /// `mix` is how much of this there is, from 0 for linear scaling to 1.
        /// `isRounded` says whether the ramp begins and ends at whole pairs.
        case yarn(
            originalContext: Int, betaFast: Double, betaSlow: Double, logMultiplier: Double, mix: Double,
            isRounded: Bool)
    }

    var kind = Kind.linear
    /// 1 for none.
    var factor = 1.0
    /// Factor of cosines and sines (used by LongRoPE models).
    var magnitude = 1.0

    static let none = RoPEScaling()

    /// The factor of cosines and sines in all.
    var fullMagnitude: Double {
        guard case .yarn(_, _, _, let logMultiplier, _, _) = kind else { return magnitude }
        return magnitude * yarnMagnitude(1) / (logMultiplier == 0 ? 1 : yarnMagnitude(logMultiplier))
    }

    /// Without the scaling of frequencies. YaRN's own magnitude depends on it; the rest stays.
    var withoutFrequencies: RoPEScaling {
        guard case .yarn = kind else { return RoPEScaling(magnitude: magnitude) }
        return RoPEScaling(magnitude: fullMagnitude / yarnMagnitude(1))
    }

    /// YaRN's magnitude, with a multiplier of its logarithm; 1 if nothing is scaled.
    func yarnMagnitude(_ multiplier: Double) -> Double {
        factor <= 1 ? 1 : 0.1 * multiplier * log(factor) + 1
    }
}
