import CKernels

/// The shape of a layer. Layers of one model may differ in everything.
package struct LayerConfig: Sendable {
    /// Where the layer's tensors are: layers that are run several times share them.
    var tensors: Int
    /// nil for layers without a mixer.
    var mixer: MixerConfig?
    /// nil for layers without a feed-forward network.
    var feedForward: FeedForwardConfig?
}

package enum MixerConfig: Sendable {
    case attention(AttentionConfig)
    /// A matrix instead of attention (Deci).
    case linear
    /// A convolution over that many tokens, between gates (LFM2).
    case convolution(length: Int)
    case linearAttention(LinearAttentionConfig)
}

/// Attention with a state of fixed size.
package struct LinearAttentionConfig: Sendable {
    /// Heads of values, each with a state of [key dimension][value dimension].
    var heads: Int
    /// Divides `heads`.
    var keyHeads: Int
    var keyDim: Int
    var valueDim: Int
    /// Tokens of the convolutions of queries, keys and values.
    var convolutionLength: Int
    /// Whether the state is corrected by what it says for the key already (gated delta networks).
    var isDelta: Bool
    /// Whether heads that are next to each other have different key heads, as in some GGUF files.
    var tilesHeads: Bool
    /// Whether one matrix has the rows of queries, keys, values and gates, of one key head after the other.
    var isByKeyHead: Bool
    var timeSteps: ClosedRange<Float>

    var keySize: Int { keyHeads * keyDim }
    var valueSize: Int { heads * valueDim }
    /// Rows of queries, keys, values and gates together.
    var inputRows: Int { 2 * (keySize + valueSize) }
    /// Floats that the convolutions remember.
    var convolutionFloats: Int { (convolutionLength - 1) * (2 * keySize + valueSize) }
    /// Floats of the states of all heads.
    var stateFloats: Int {
        sotto_linear_attention_state_floats(Int64(heads), Int64(keyDim), Int64(valueDim))
    }
}

package struct AttentionConfig: Sendable {
    package var heads: Int
    /// Divides `heads`.
    package var kvHeads: Int
    /// Elements per query and key head.
    package var headDim: Int
    /// Elements per value head.
    package var valueDim: Int
    /// Which of the model's RoPE tables is used; nil for layers without RoPE.
    var rope: Int?
    var span: AttentionSpan
    /// The layer whose cache is used: the own one, or an earlier one whose keys and values are shared.
    var cacheLayer: Int
    /// Factor of the products of queries and keys.
    var scale: Float
    var temperature: Temperature?
    /// Rank of the latent vector that keys and values are expanded from; nil for ordinary projections.
    var latentRank: Int?
    /// Rank of the smaller vector that queries are expanded from; nil for an ordinary projection.
    var queryRank: Int?
    /// Rows of the matrix of the output's gate: one per head or one per element; 0 without a gate.
    var gateRows: Int
    /// Whether each query head is followed by the rows of its gate, in one matrix (Qwen 3 Next).
    var hasGateInQuery: Bool

    /// A factor of queries: 1 + scale · ln(1 + ⌊(position + offset) / floor⌋).
    struct Temperature: Sendable, Equatable {
        var scale: Float
        var floor: Int
        var offset: Int
    }

    var querySize: Int { heads * headDim }
    /// Rows of the matrix of queries.
    var queryRows: Int { hasGateInQuery ? 2 * querySize : querySize }
    var keySize: Int { kvHeads * headDim }
    var valueSize: Int { kvHeads * valueDim }
    var outputSize: Int { heads * valueDim }
}

/// The positions that a query attends to.
package enum AttentionSpan: Sendable, Equatable {
    case all
    /// The latest ones, its own included.
    case window(Int)
    /// Those from the start of its chunk on.
    case chunk(Int)

    /// How many positions the query at `position` attends to.
    func count(at position: Int) -> Int {
        switch self {
        case .all: position + 1
        case .window(let length): min(position + 1, length)
        case .chunk(let length): position % length + 1
        }
    }
}

package enum FeedForwardConfig: Sendable {
    case dense(DenseConfig)
    case experts(ExpertsConfig)
}

package struct DenseConfig: Sendable {
    /// Width of the feed-forward network.
    var ffnSize: Int
    var gate: GateFunction
}

package struct ExpertsConfig: Sendable {
    package var experts: Int
    /// Experts per token.
    package var used: Int
    /// Width of an expert.
    package var ffnSize: Int
    /// Whether gates and ups are one tensor.
    var isFused: Bool
    var gate: GateFunction
    /// Groups of experts, of which each token uses only some; 1 for no groups.
    var groups: Int
    var groupsUsed: Int
    /// Whether a group's score is that of its best expert, and not the sum of the best two.
    var scoresGroupsByBest: Bool
    var gating: Router.Gating
    var normalizesWeights: Bool
    var weightsScale: Float
    /// Elements of the vectors that experts compute with; nil for the hidden size.
    var latentSize: Int?
    /// The dense network beside the experts, or experts that all tokens share.
    var shared: DenseConfig?
    /// Width of the smaller experts for groups of experts; nil without them.
    var groupExperts: GroupExpertsConfig?
}

/// The smaller experts of GroveMoE. (Wu et al. 2025)
struct GroupExpertsConfig: Sendable {
    /// Experts per group.
    var expertsPerGroup: Int
    var ffnSize: Int
    /// Factor of what they add.
    var scale: Float
}

/// The positional rotation of some layers.
package struct RoPEConfig: Sendable, Equatable {
    /// Elements of each head that are rotated; even.
    package var dim: Int
    var base: Double
    var scaling: RoPEScaling
    /// Whether the model's divisors of frequencies apply.
    var usesFactors: Bool
    /// Pairs that are not rotated, because text stays at position 0 on their axis.
    var fixedPairs: Set<Int> = []
}
