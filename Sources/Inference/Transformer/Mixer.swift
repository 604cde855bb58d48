/// The part of a layer in which tokens read others.
enum Mixer {
    case attention(Attention)
    /// A matrix instead of attention (Deci). [E × E]
    case linear(Linear)

    var linears: [Linear] {
        switch self {
        case .attention(let attention): attention.linears
        case .linear(let linear): [linear]
        }
    }

    /// Writes its output to `projected`.
    ///
    /// - Parameter x: [tokens][E]
    func run(_ x: FloatBuffer, _ work: Workspace) throws(EngineError) {
        switch self {
        case .attention(let attention): try attention.run(x, work)
        case .linear(let linear): try work.project(x, work.hiddenSize, (linear, work[.projected]))
        }
    }
}
