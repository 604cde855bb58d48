/// How the blocks of a layer are normalised and added to the residual stream.
extension ArchitectureSpec {
    package enum NormKind: Sendable {
        /// Root mean square. (Zhang & Sennrich 2019)
        case rms
        /// Mean and variance. (Ba et al. 2016)
        case layer
        /// The one whose epsilon is configured; RMS if both are.
        case configured
        case rmsWithoutWeights, layerWithoutWeights
        /// Root mean square, and a bias. (Phi 3.5 MoE)
        case rmsWithBias
    }

    /// Where a layer's two blocks are normalised.
    package enum BlockNorms: Sendable {
        case before, after, beforeAndAfter

        var isBefore: Bool { self != .after }
        var isAfter: Bool { self != .before }
    }

    package enum ResidualStream: Sendable {
        /// The feed-forward network reads what attention added.
        case sequential
        /// Both read the layer's input; they share a norm unless the feed-forward network has one of its own.
        case parallel
        /// Parallel if the configuration says so (GPT-NeoX).
        case configured
        /// Parallel if the feed-forward network has no norm of its own (StableLM 2 12B).
        case parallelWithoutNorm
    }

    package enum EmbeddingScale: Sendable {
        case none
        /// √(hidden size)
        case rootOfHiddenSize
        case configured(default: Float)
    }

    /// A factor from the configuration.
    package enum ConfiguredFactor: Sendable {
        case configured(default: Float)
        /// 1.4 / √layers by default (MiniCPM)
        case configuredByDepth

        func `default`(layers: Int) -> Float {
            switch self {
            case .configured(let value): value
            case .configuredByDepth: 1.4 / Float(layers).squareRoot()
            }
        }
    }
}
