#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Cosines and sines of the rotary embedding for the positions of a pass. (Su et al. 2021)
///
/// Pair i at position p is rotated by p · base^(-2i/ropeDim) / factor[i], subject to the scaling.
final class RoPETable {
    private let frequencies: [Double]
    private let magnitude: Double
    /// [prefillBatch][ropeDim/2] each.
    let cosines: FloatBuffer
    let sines: FloatBuffer

    /// - Parameter factors: [ropeDim/2] divisors of the individual frequencies (Llama 3, LongRoPE), or nil.
    init(ropeDim: Int, base: Double, scaling: RoPEScaling, factors: [Float]?, prefillBatch: Int) {
        let pairs = ropeDim / 2
        let plain = (0..<pairs).map { pow(base, -2 * Double($0) / Double(ropeDim)) / Double(factors?[$0] ?? 1) }
        switch scaling.kind {
        case .linear:
            frequencies = plain.map { $0 / scaling.factor }
            magnitude = scaling.magnitude
        case .yarn(let originalContext, let betaFast, let betaSlow, let logMultiplier):
            // The pair that makes `rotations` full turns over the original context.
            func pair(_ rotations: Double) -> Double {
                Double(ropeDim) * log(Double(originalContext) / (rotations * 2 * .pi)) / (2 * log(base))
            }
            let low = max(0, pair(betaFast).rounded(.down))
            let high = min(Double(ropeDim - 1), pair(betaSlow).rounded(.up))
            frequencies = plain.enumerated().map { index, frequency in
                let ramp = min(1, max(0, (Double(index) - low) / max(0.001, high - low)))
                return frequency * (1 - ramp) + frequency / scaling.factor * ramp
            }
            func attention(_ multiplier: Double) -> Double {
                scaling.factor <= 1 ? 1 : 0.1 * multiplier * log(scaling.factor) + 1
            }
            magnitude = scaling.magnitude * attention(1) / (logMultiplier == 0 ? 1 : attention(logMultiplier))
        }
        cosines = FloatBuffer(count: prefillBatch * pairs)
        sines = FloatBuffer(count: prefillBatch * pairs)
    }

    /// Fills the tables for positions first ..< first + count.
    func prepare(first: Int, count: Int) {
        var slot = 0
        for position in first..<first + count {
            for frequency in frequencies {
                let angle = Double(position) * frequency
                cosines.base[slot] = Float(cos(angle) * magnitude)
                sines.base[slot] = Float(sin(angle) * magnitude)
                slot += 1
            }
        }
    }
}
