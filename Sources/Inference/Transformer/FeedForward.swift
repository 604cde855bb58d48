/// The part of a layer in which each token is computed on its own.
enum FeedForward {
    case dense(DenseFeedForward)
    case experts(Experts)

    var linears: [Linear] {
        switch self {
        case .dense(let dense): dense.linears
        case .experts(let experts): experts.linears
        }
    }

    var stacks: [ExpertStack] {
        switch self {
        case .dense: []
        case .experts(let experts): experts.stacks
        }
    }

    /// The matrices of experts, and how many of each a token uses.
    var stackShares: [(stack: ExpertStack, used: Int)] {
        switch self {
        case .dense: []
        case .experts(let experts):
            experts.network.stacks.map { ($0, experts.config.used) }
                + (experts.groupExperts?.stacks ?? []).map { ($0, min(experts.config.used, $0.experts)) }
        }
    }

    /// Whether it reads the layer's input, which then has to be kept.
    var readsLayerInput: Bool {
        if case .experts(let experts) = self { experts.readsLayerInput } else { false }
    }

    /// Writes its output to `projected`.
    ///
    /// - Parameter x: [tokens][E]
    func run(_ x: FloatBuffer, _ work: Workspace) throws(EngineError) {
        switch self {
        case .dense(let dense): try dense.run(x, into: work[.projected], work)
        case .experts(let experts): try experts.run(x, work)
        }
    }
}
