/// How a family attends.
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
        /// 1/√(head dimension), times the square of YaRN's magnitude, that for all dimensions included (DeepSeek)
        case headDimAndYaRN
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

    /// Layers with a state of fixed size, which show their convolution.
    package enum Recurrence: Sendable, Equatable {
        /// A convolution between gates (LFM2).
        case convolution
        /// A gated delta network; the heads of keys are repeated one by one, or all in turn.
        case deltaNetwork(tilesHeads: Bool)
        case mamba2
    }

    /// A factor of queries that grows with their position: 1 + scale · ln(1 + ⌊(position + offset) / floor⌋).
    package enum AttentionTemperature: Sendable {
        /// As configured; the floor is RoPE's original context.
        case configured
        /// As configured, the floor too.
        case configuredWithFloor
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
