/// Functions, experts and logits of a family, and parts that its files may have.
extension ArchitectureSpec {
    /// Matrices whose `.scale` tensors are used.
    package struct ScaledMatrices: OptionSet, Sendable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Query, key and value.
        static let projections = ScaledMatrices(rawValue: 1)
        static let attentionOutput = ScaledMatrices(rawValue: 2)
        static let output = ScaledMatrices(rawValue: 4)
        static let gateAndUp = ScaledMatrices(rawValue: 8)
        static let down = ScaledMatrices(rawValue: 16)

        /// Of mixers with a state of fixed size.
        static let mixer = ScaledMatrices(rawValue: 32)

        static let all: ScaledMatrices = [.projections, .attentionOutput, .output, .gateAndUp, .down, .mixer]
    }

    /// Matrices whose biases count for nothing.
    package struct BiasedMatrices: OptionSet, Sendable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        static let attentionOutput = BiasedMatrices(rawValue: 1)
        static let feedForward = BiasedMatrices(rawValue: 2)
        static let output = BiasedMatrices(rawValue: 4)
        /// Query, key and value.
        static let projections = BiasedMatrices(rawValue: 8)
    }
}

extension ArchitectureSpec {
    package enum Activation: Sendable, Equatable {
        case silu
        case geluTanh
        case relu
        case reluSquared
        case sigmoid
        case softplus
        /// (Huang & Schlag 2024); its constants are configured for each layer.
        case xIELU
        /// min(g, limit) · sigmoid(alpha · g) · (u + 1), with u limited to ±limit (gpt-oss)
        case clampedSwiGLU(alpha: Float, limit: Float)
        /// min(silu(g), limit) · u, with u limited to ±limit; limits are configured (Step 3.5)
        case limitedSiLU
        /// silu(min(g, limit)) · u, with u limited to ±limit; limits are configured (Maple)
        case siluOfLimited
    }

    package struct ActivationCutOff: Sendable {
        var layers: Int
        var deviations: Float
        /// Whether the variance is divided by the number of activations, as in the publication, and not by one less, as in
        /// the reference implementation of GGUF.
        var isOfPopulation = false
    }

    package struct ExpertsSpec: Sendable {
        package enum Gating: Sendable {
            case fixed(Router.Gating)
            case configured(default: Router.Gating)
        }

        var gating = Gating.fixed(.softmax)
        /// Whether the weights of a token's experts are divided by their sum, unless the configuration says otherwise.
        var normalizesWeights = false
        var isNormalizationConfigured = false
        /// Whether groups of experts are chosen by their best expert, and not by their best two (DeepSeek V2).
        var scoresGroupsByBest = false
        /// What the router reads.
        var routerInput = RouterInput.normed
        /// Experts are chosen by the logits of their gates, and inputs are weighted instead of outputs (Llama 4).
        var weightsInputs = false
        /// Experts have no gate if there is no tensor for it.
        var isGateOptional = false
        /// Whether the layer's ordinary feed-forward network runs beside its experts.
        var hasDense = false
        /// Experts read the layer's input, before attention, with a norm of their own (Arctic).
        var readsLayerInput = false
        /// A factor of the sum of experts and the dense network beside them, if there is one.
        var sumFactor: Float = 1
        /// Smaller experts for groups of experts, which read what the others return (GroveMoE).
        var hasGroupExperts = false

        package enum RouterInput: Sendable {
            /// What the experts read.
            case normed
            /// The layer's input, before its first norm (SmallThinker).
            case layerInput
            /// The residual stream, normalised without weights, divided by √(hidden size) and scaled (Gemma 4).
            case scaledResidual
        }
    }

    package enum LogitScale: Sendable {
        case multiply(default: Float?)
        case divide(default: Float?)
        /// Divided by hidden size / 256 by default (MiniCPM)
        case divideByWidth
    }
}
