import CKernels

/// A short causal convolution over tokens, of each channel on its own.
struct CausalConvolution {
    let weights: FloatBuffer  // [length][channels]
    let bias: FloatBuffer?  // [channels]
    let length: Int
    let channels: Int
    /// Where the inputs before the pass are in the layer's state. [length − 1][channels]
    let stateOffset: Int

    var stateFloats: Int { (length - 1) * channels }

    /// Convolves the pass's tokens in place, and remembers the last ones.
    ///
    /// - Parameters:
    ///   - x: [tokens][channels]
    ///   - state: the layer's.
    func run(_ x: FloatBuffer, state: UnsafeMutablePointer<Float>, _ work: Workspace) {
        var call = sotto_convolution(
            x: x.base, weights: weights.base, bias: bias.map { UnsafePointer($0.base) }, state: state + stateOffset,
            tokens: Int64(work.count), channels: Int64(channels), length: Int64(length))
        sotto_convolve(work.compute.handle, &call)
    }
}
