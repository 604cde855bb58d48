import CKernels

/// A convolution over a few tokens between two gates. (Liquid AI 2025, "LFM2")
///
///     out = output · (after · x ⊙ convolve(before · x ⊙ input · x))
///
/// E is the hidden size.
struct GatedConvolution {
    let before: Linear  // [E × E]
    let after: Linear  // [E × E]
    let input: Linear  // [E × E]
    let convolution: CausalConvolution
    let output: Linear  // [E × E]

    var linears: [Linear] { [before, after, input, output] }

    static func scratch(hiddenSize: Int) -> ScratchNeed {
        ScratchNeed([.query: hiddenSize, .key: hiddenSize, .value: hiddenSize])
    }

    /// Writes its output to `projected`.
    ///
    /// - Parameters:
    ///   - x: [tokens][E]
    ///   - layer: index of the layer, for its state.
    func run(_ x: FloatBuffer, _ layer: Int, _ work: Workspace) throws(EngineError) {
        let (before, after, values, size) = (work[.key], work[.query], work[.value], work.hiddenSize)
        let elements = Int64(work.count * size)
        try work.project(x, size, (self.before, before), (self.after, after), (input, values))
        sotto_multiply(work.compute.handle, before.base, values.base, elements)
        convolution.run(values, state: work.states.layer(layer), work)
        sotto_multiply(work.compute.handle, after.base, values.base, elements)
        try work.project(values, size, (output, work[.projected]))
    }
}
