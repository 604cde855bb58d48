import CKernels

/// What sets one family of decoder-only transformers apart from the others.
///
/// A family is data: the decoder reads this description and never asks for a family's name. Numbers (sizes, bases,
/// windows) come from the file's metadata, optional parts (biases, fused matrices, an output matrix of its own) from
/// which tensors the file holds.
package struct ArchitectureSpec: Sendable {
    /// The value of `general.architecture`, which is also the prefix of the family's metadata keys.
    package var name: String
    /// Which elements of a head turn together.
    package var ropePairing: RoPEPairing
    /// The feed-forward network's gate function.
    package var activation: Activation = .silu
    /// Gemma multiplies embeddings by √(embedding length).
    package var scalesEmbeddings = false
    /// RMS norms of each query and key head before the rotation.
    package var hasQueryKeyNorms = false
    /// Norms after attention and feed-forward, before their sums with the residual stream.
    package var hasPostNorms = false
    /// Whether `.scale` tensors of feed-forward matrices count, as those of attention matrices always do; the
    /// reference reads them in some families only.
    package var hasFFNScales = false
    /// What attention scores are multiplied by.
    package var attentionScale: AttentionScale = .headDim
    /// Which layers look only at the latest positions; nil where all see everything.
    package var slidingWindow: SlidingWindow?
    /// The soft cap of attention scores when the file does not say; nil where the family has none.
    package var attentionSoftCap: Float?
    /// The soft cap of the logits when the file does not say; nil where the family has none, 0 for off by default.
    package var logitSoftCap: Float?
    /// Whether the output matrix is always the embedding matrix, even if the file holds another.
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
        /// 1/√(head size)
        case headDim
        /// 1/√(embedding length / heads) in the family's size with this many layers, else 1/√(head size)
        case hiddenSizePerHead(inModelsOfLayers: Int)
    }

    /// Layers in groups of `pattern`: the last of each group sees everything, the others a window.
    package struct SlidingWindow: Sendable {
        /// Layers per group when the file does not say.
        var pattern: Int
        /// Positions seen when the file does not say; nil where a file without the key has no windows.
        var defaultLength: Int?
        /// RoPE base of windowed layers when the file does not say; nil for the same as the others.
        var defaultRoPEBase: Double?
        /// Whether windowed layers use the file's RoPE scaling as well.
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
