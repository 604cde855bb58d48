/// The part of a layer in which tokens read others.
enum Mixer {
    case attention(Attention)
    /// A matrix instead of attention (Deci). [E × E]
    case linear(Linear)
    case convolution(GatedConvolution)
    case linearAttention(LinearAttention)

    var linears: [Linear] {
        switch self {
        case .attention(let attention): attention.linears
        case .linear(let linear): [linear]
        case .convolution(let convolution): convolution.linears
        case .linearAttention(let attention): attention.linears
        }
    }

    /// Writes its output to `projected`.
    ///
    /// - Parameters:
    ///   - x: [tokens][E]
    ///   - layer: index of the layer.
    func run(_ x: FloatBuffer, _ layer: Int, _ work: Workspace) throws(EngineError) {
        switch self {
        case .attention(let attention): try attention.run(x, work)
        case .linear(let linear): try work.project(x, work.hiddenSize, (linear, work[.projected]))
        case .convolution(let convolution): try convolution.run(x, layer, work)
        case .linearAttention(let attention): try attention.run(x, layer, work)
        }
    }
}
