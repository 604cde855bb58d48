import CKernels

/// The properties of a family of decoder-only transformers.
///
/// Families are data: the decoder reads this description and never checks a family's name. Sizes, RoPE bases and sliding
/// windows come from the file's metadata; optional parts (biases, fused matrices, a separate output matrix) depend on
/// the tensors in the file.
package struct ArchitectureSpec: Sendable {
    /// The value of `general.architecture`, which is also the prefix of the family's metadata keys.
    package var name: String
    /// Which elements of a head are rotated as pairs.
    package var ropePairing: RoPEPairing
    /// The feed-forward network's gate function.
    package var activation: Activation = .silu
    /// Gemma multiplies embeddings by √(hidden size).
    package var scalesEmbeddings = false
    /// RMS norms of each query and key head before RoPE.
    package var hasQueryKeyNorms = false
    /// Norms after attention and feed-forward network, before their output is added to the residual stream.
    package var hasPostNorms = false
    /// Whether to use the `.scale` tensors of feed-forward matrices. Those of attention matrices are always used, but the
    /// reference implementation uses these only in some families.
    package var hasFFNScales = false
    /// The factor of attention scores.
    package var attentionScale: AttentionScale = .headDim
    /// The layers that attend only to the latest positions; nil if all layers attend to all positions.
    package var slidingWindow: SlidingWindow?
    /// The default soft cap of attention scores; nil if the family has none.
    package var attentionSoftCap: Float?
    /// The default soft cap of logits; nil if the family has none, 0 for off by default.
    package var logitSoftCap: Float?
    /// Whether the output matrix is always the embedding matrix, even if the file has another one.
    package var alwaysTiesEmbeddings = false

    package enum RoPEPairing: Sendable {
        /// (x0, x1), (x2, x3), …
        case adjacent
        /// (x0, x[n/2]), (x1, x[n/2+1]), …
        case halves
    }

    package enum Activation: Sendable {
        case silu
        case geluTanh
    }

    package enum AttentionScale: Sendable {
        /// 1/√(head dimension)
        case headDim
        /// 1/√(hidden size / heads) for the model size with this number of layers, else 1/√(head dimension)
        case hiddenSizePerHead(inModelsOfLayers: Int)
    }

    /// Layers come in groups of `pattern`: the last of each group has full attention, the others a sliding window.
    package struct SlidingWindow: Sendable {
        /// The default number of layers per group.
        var pattern: Int
        /// The default length of the window; nil if files without the key have no windows.
        var defaultLength: Int?
        /// The default RoPE base of layers with a window; nil for the same as in other layers.
        var defaultRoPEBase: Double?
        /// Whether the file's RoPE scaling also applies to layers with a window.
        var scalesRoPE: Bool
    }
}

extension ArchitectureSpec.RoPEPairing {
    var kernel: sotto_rope_pairing {
        switch self {
        case .adjacent: SOTTO_ROPE_ADJACENT
        case .halves: SOTTO_ROPE_HALVES
        }
    }
}

extension ArchitectureSpec.Activation {
    var kernel: sotto_activation {
        switch self {
        case .silu: SOTTO_SILU
        case .geluTanh: SOTTO_GELU_TANH
        }
    }
}
