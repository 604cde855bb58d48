import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Cosines and sines of the rotary embedding for the positions of a pass. (Su et al. 2021)
///
/// Pair i at position p is rotated by p · base^(-2i/dim) / factor[i], subject to the scaling.
final class RoPETable {
    /// The elements of a head that are rotated.
    let dim: Int
    private let frequencies: [Double]
    private let magnitude: Double
    /// [prefillBatch][dim/2] each.
    private let cosines: FloatBuffer
    private let sines: FloatBuffer

    /// - Parameter factors: [dim/2] divisors of the individual frequencies (Llama 3, LongRoPE), or nil.
    init(_ config: RoPEConfig, factors: [Float]?, prefillBatch: Int) {
        dim = config.dim
        let scaling = config.scaling
        let pairs = config.dim / 2
        let divisors = factors.map { $0.prefix(pairs) + Array(repeating: 1, count: max(0, pairs - $0.count)) }
        let plain = (0..<pairs).map { index in
            config.fixedPairs.contains(index)
                ? 0 : pow(config.base, -2 * Double(index) / Double(config.dim)) / Double(divisors?[index] ?? 1)
        }
        magnitude = scaling.fullMagnitude
        switch scaling.kind {
        case .linear: frequencies = plain.map { $0 / scaling.factor }
        case .yarn(let originalContext, let betaFast, let betaSlow, _, let mix, let isRounded):
            // The pair that makes `rotations` full turns over the original context.
            func pair(_ rotations: Double) -> Double {
                Double(config.dim) * log(Double(originalContext) / (rotations * 2 * .pi)) / (2 * log(config.base))
            }
            let (first, last) = (pair(betaFast), pair(betaSlow))
            let low = max(0, isRounded ? first.rounded(.down) : first)
            let high = min(Double(config.dim - 1), isRounded ? last.rounded(.up) : last)
            frequencies = plain.enumerated().map { index, frequency in
                let ramp = min(1, max(0, (Double(index) - low) / max(0.001, high - low)))
                let kept = (1 - ramp) * mix
                return frequency * kept + frequency / scaling.factor * (1 - kept)
            }
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

    /// Rotates the first `dim` elements of each head, in place.
    ///
    /// - Parameter x: [tokens][heads][headDim]; the pass's positions.
    func rotate(
        _ x: UnsafeMutablePointer<Float>, _ pairing: ArchitectureSpec.RoPEPairing, heads: Int, headDim: Int,
        tokens: Int, _ compute: Compute
    ) {
        sotto_rope(
            compute.handle, pairing == .halves ? SOTTO_ROPE_HALVES : SOTTO_ROPE_ADJACENT, x, Int64(tokens),
            Int64(heads * headDim), Int64(heads), Int64(headDim), Int64(dim), cosines.base, sines.base)
    }
}
