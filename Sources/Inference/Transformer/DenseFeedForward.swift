import CKernels

/// A network of two layers, with or without a gate. (Shazeer 2020)
///
///     out = down · subNorm(f(gate · x) ⊙ up · x)   or   down · (f(up · x) / divisors)
///
/// F is the feed-forward size, E the hidden size.
struct DenseFeedForward {
    let config: DenseConfig
    let gate: Linear?  // [F × E]
    let up: Linear  // [F × E]
    let down: Linear  // [E × F]
    let subNorm: Norm?  // [F]
    /// Reciprocals of what activations are divided by. [F]
    let activationFactors: FloatBuffer?
    /// Sets all but the largest inputs of the function to zero: those that are not so many standard deviations above the
    /// mean. (Gemma 3n)
    let cutOff: Float?

    var linears: [Linear] { [gate, up, down].compactMap { $0 } }

    static func scratch(_ config: DenseConfig) -> ScratchNeed {
        ScratchNeed([.gate: config.ffnSize, .up: config.gate.isGated ? config.ffnSize : 0])
    }

    /// - Parameters:
    ///   - x: [tokens][E]
    ///   - out: [tokens][E]
    func run(_ x: FloatBuffer, into out: FloatBuffer, _ work: Workspace) throws(EngineError) {
        let (gated, size, handle) = (work[.gate], config.ffnSize, work.compute.handle)
        if let gate {
            try work.project(x, work.hiddenSize, (gate, gated), (up, work[.up]))
            if let cutOff { sotto_cut_off(handle, cutOff, gated.base, Int64(work.count), Int64(size)) }
            work.activate(config.gate, gate: gated, up: work[.up], rows: work.count, size: size)
        } else {
            try work.project(x, work.hiddenSize, (up, gated))
            work.activate(config.gate, gate: gated, up: gated, rows: work.count, size: size)
        }
        if let activationFactors {
            sotto_multiply_rows(handle, activationFactors.base, gated.base, Int64(work.count), Int64(size))
        }
        subNorm?.apply(work.compute, gated.base, rows: work.count, into: gated.base)
        try work.project(gated, size, (down, out))
    }
}
