/// The properties of a family of decoder-only transformers.
///
/// Families are data: the engine reads this description and never checks a family's name. Sizes, RoPE bases and windows
/// come from the model's configuration; what its tensors show (biases, fused matrices, gates and sinks of attention, sizes
/// of feed-forward networks, a separate output matrix) is not repeated here. The defaults are those of Qwen 2.
package struct ArchitectureSpec: Sendable {
    /// The value of `general.architecture`, which is also the prefix of the family's metadata keys.
    package var name: String

    // Positions
    /// Which elements of a head are rotated as pairs; nil for families without RoPE.
    package var rope: RoPEPairing? = .halves
    package var ropeLayers = RoPELayers.all
    /// Whether layers with full attention rotate only half of the dimensions that the configuration states (Step 3.5).
    package var halvesRoPEDim = false
    package var defaultYaRNBetaFast = 32.0
    /// Whether the configuration says how much of YaRN is used (Grok).
    package var readsYaRNMix = false
    /// The axes of positions of models that see, of which text has one.
    package var ropeSections = RoPESections.none
    package var alibi: ALiBi?

    // Norms and residual stream
    package var norm = NormKind.rms
    package var blockNorms = BlockNorms.before
    package var postNormEpsilon: Float?
    package var residual = ResidualStream.sequential
    package var residualScale: ConfiguredFactor?
    package var embeddingScale = EmbeddingScale.none
    /// Whether embeddings are normalised, without weights, before the first layer.
    package var normalizesEmbeddings = false
    /// Whether layers may lack attention or a feed-forward network (Deci).
    package var hasEmptyLayers = false
    /// Whether the layers can run several times, one pass after the other (Nanbeige).
    package var repeatsLayers = false
    /// Whether each layer adds the embeddings, times a factor (Talkie).
    package var addsEmbeddings = false

    // Attention
    package var queryKeyNorms = QueryKeyNorms.none
    /// Whether values are RMS-normalised, without weights (Gemma 3n and 4).
    package var normalizesValues = false
    /// Whether query, key and value are limited to ±`attention.clamp_kqv`.
    package var clampsProjections = false
    package var attentionScale = AttentionScale.headDim
    /// The default soft cap of attention scores; nil if the family has none.
    package var attentionSoftCap: Float?
    package var temperature: AttentionTemperature?
    /// The layers that attend only to the latest positions; nil if all layers attend to all positions.
    package var slidingWindow: SlidingWindow?
    /// The function of the gate of attention's output, in layers that have such a gate.
    package var attentionGate = Activation.sigmoid
    /// Whether attention's output is multiplied by `attention.value_scale`.
    package var scalesValues = false
    package var sharedKeyValues: SharedKeyValues?

    // Feed-forward network
    package var activation = Activation.silu
    /// Whether there is a gate matrix, of its own or in one tensor with `up`.
    package var isGated = true
    /// In the first layers, only activations so many standard deviations above the mean are used (Gemma 3n).
    package var activationCutOff: (layers: Int, deviations: Float)?
    package var experts = ExpertsSpec()
    /// Vectors per token and layer that are added after the feed-forward network (Gemma 3n and 4).
    package var perLayerEmbeddings = false
    /// Parallel residual streams that are predicted and corrected around each layer (Gemma 3n).
    package var altUp = false

    // Logits
    package var logitScale: LogitScale?
    /// The default soft cap of logits; nil if the family has none, 0 for off by default.
    package var logitSoftCap: Float?
    /// Whether the output matrix is always the embedding matrix, even if the file has another one.
    package var alwaysTiesEmbeddings = false

    // Parts that files may have, but that the reference implementation uses in some families only
    package var scales: ScaledMatrices = [.projections, .attentionOutput, .output]
    package var ignoredBiases: BiasedMatrices = []
    /// Whether RoPE frequencies are divided by the model's divisors, if it has them.
    package var usesRoPEFactors = true
}

// MARK: Positions

extension ArchitectureSpec {
    package enum RoPEPairing: Sendable {
        /// (x0, x1), (x2, x3), …
        case adjacent
        /// (x0, x[n/2]), (x1, x[n/2+1]), …
        case halves
        /// As `halves` if the configuration has sections for several axes, which are equal for text, else adjacent.
        case adjacentWithoutSections
    }

    /// The layers whose queries and keys are rotated; the others have no positions at all.
    package enum RoPELayers: Sendable {
        case all
        /// Layers with a sliding window; all if no layer has one.
        case windowed
        /// As before, but only these, and also the leading dense layers of a mixture of experts.
        case windowedOrLeadingDense
        case onlyWindowed
        /// All but the last of each group.
        case exceptLast(of: Int)
        /// All but the first of each group; all if no layer has a window.
        case exceptFirst(of: Int)
        /// None if the configuration says that RoPE was not trained (Granite).
        case ifTrained
        /// As the configuration lists them; all without a list.
        case listed
        /// All, in models with that many layers only (Baichuan 7B).
        case inModels(ofLayers: Int)
    }

    /// How the configured sections of the rotated pairs belong to three axes, on which text has the same positions, and to
    /// a fourth, on which it stays at 0.
    package enum RoPESections: Sendable {
        case none
        /// One section after the other.
        case blocks
        /// The pairs of the first three take turns.
        case interleaved
    }

    /// Attention with linear biases instead of rotated positions. (Press et al. 2022)
    package enum ALiBi: Sendable {
        case bias(Float)
        /// As configured; none by default.
        case configured
        /// In models with that many layers only (Baichuan 13B).
        case inModels(ofLayers: Int, bias: Float)
    }
}

// MARK: Norms and residual stream

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

// MARK: Attention

extension ArchitectureSpec {
    /// Norms of queries and keys: of each head, with the same or different weights, or of all heads together, as the
    /// sizes of their tensors show.
    package enum QueryKeyNorms: Sendable {
        case none
        /// In layers that have their tensors.
        case optional
        /// Of both, in layers that have a query norm (MPT).
        case optionalPair
        case required
        /// After RoPE.
        case afterRoPE
        /// After RoPE, in rotated layers, without weights, unless the model has 128 experts (Llama 4 Scout).
        case withoutWeightsAfterRoPE
        /// After RoPE: without weights, then a factor for each query head (Talkie).
        case headFactorsAfterRoPE
    }

    package enum AttentionScale: Sendable {
        /// 1/√(head dimension)
        case headDim
        /// 1/√(hidden size / heads) for the model size with this number of layers, else 1/√(head dimension)
        case hiddenSizePerHead(inModelsOfLayers: Int)
        /// 1/√(rotated dimensions)
        case ropeDim
        /// 1/(head dimension)
        case inverseHeadDim
        case fixed(Float)
        /// As configured by `attention.scale`; 1/√(head dimension) without it.
        case configured
        /// As configured by `attention.output_scale`.
        case configuredOutput(default: Float)
    }

    /// A factor of queries that grows with their position: 1 + scale · ln(1 + ⌊(position + offset) / floor⌋).
    package enum AttentionTemperature: Sendable {
        /// As configured; the floor is RoPE's original context.
        case configured
        /// In layers without RoPE.
        case withoutRoPE(scale: Float, floor: Int, offset: Int)
    }

    /// Layers come in groups of `pattern`: the last of each group has full attention, the others a sliding window.
    package struct SlidingWindow: Sendable {
        /// The default number of layers per group.
        var pattern: Int
        /// Whether the first of each group has full attention, not the last.
        var startsFull = false
        /// The default length of the window; nil if files without the key have no windows.
        var defaultLength: Int?
        /// Replaces the configured length of a model that has windows.
        var fixedLength: Int?
        /// Whether layers attend within chunks of that length, not to the latest positions (Llama 4).
        var isChunked = false
        /// Only models with that many layers have windows (EXAONE 4 32B).
        var onlyInModelsOfLayers: Int?
        var ropeBase = LocalRoPEBase.configured(default: nil)
        var ropeScaling = LocalRoPEScaling.same
        /// Whether these layers use the divisors of RoPE's frequencies, too.
        var usesRoPEFactors = true
    }

    /// The RoPE base of layers with a window.
    package enum LocalRoPEBase: Sendable {
        /// As in other layers, whatever the configuration says.
        case same
        /// By default the same as in other layers.
        case configured(default: Double?)
    }

    /// RoPE scaling in layers with a window.
    package enum LocalRoPEScaling: Sendable {
        case same
        /// Frequencies are not scaled, but YaRN's magnitude stays.
        case frequenciesUnscaled
        case none
    }

    /// The last layers use the keys and values of an earlier one, of the same kind (with or without a window).
    package enum SharedKeyValues: Sendable {
        case from(layer: Int)
        /// As many layers as `attention.shared_kv_layers` says.
        case configured
    }
}

// MARK: Optional parts

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

        static let all: ScaledMatrices = [.projections, .attentionOutput, .output, .gateAndUp, .down]
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

// MARK: Feed-forward network and logits

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

    package struct ExpertsSpec: Sendable {
        package enum Gating: Sendable {
            case fixed(Router.Gating)
            case configured(default: Router.Gating)
        }

        var gating = Gating.fixed(.softmax)
        /// Whether the weights of a token's experts are divided by their sum, unless the configuration says otherwise.
        var normalizesWeights = false
        var isNormalizationConfigured = false
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
