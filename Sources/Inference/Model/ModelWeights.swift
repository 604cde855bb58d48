import CKernels

/// A matrix with an optional bias and scale, y = scale · (W·x + bias), and the changes of adapters.
struct Linear {
    /// rows × cols, pointing into the mapped file.
    let matrix: sotto_matrix
    /// [rows]
    let bias: FloatBuffer?
    var scale: Float = 1
    /// What adapters add to y.
    var updates: [LowRankUpdate] = []
}

/// The tensors of a layer. Shapes are [rows × cols]; E is the hidden size, F the feed-forward size, H and G the numbers
/// of query and key-value heads, K and V the key and value head dimensions.
struct LayerWeights {
    let attentionNorm: FloatBuffer  // [E]
    let query: Linear  // [H·K × E]
    let key: Linear  // [G·K × E]
    let value: Linear  // [G·V × E]
    let queryNorm: FloatBuffer?  // [K]
    let keyNorm: FloatBuffer?  // [K]
    let output: Linear  // [E × H·V]
    let postAttentionNorm: FloatBuffer?  // [E]
    let ffnNorm: FloatBuffer  // [E]
    let gate: Linear  // [F × E]
    let up: Linear  // [F × E]
    let down: Linear  // [E × F]
    let postFFNNorm: FloatBuffer?  // [E]
    let usesSlidingWindow: Bool
}

/// All tensors that the decoder needs, with their shapes checked against the config.
///
/// `@unchecked Sendable`: the pointers refer to a read-only mapping, which `source` keeps alive, and to buffers that are
/// not written to after initialisation.
final class ModelWeights: @unchecked Sendable {
    let source: any ModelSource
    /// The tensors point into their files.
    let adapters: [LoRAAdapter]
    let tokenEmbedding: sotto_matrix  // [vocabulary × E]
    let layers: [LayerWeights]
    let outputNorm: FloatBuffer  // [E]
    let output: Linear  // [vocabulary × E]
    /// LongRoPE's or Llama 3's divisors of the RoPE frequencies. [ropeDim/2]
    let ropeFactors: RoPEFactors

    struct RoPEFactors: Sendable {
        var always: [Float]?
        var short: [Float]?
        var long: [Float]?

        /// The divisors for a context of `context` tokens.
        func factors(context: Int, originalContext: Int) -> [Float]? {
            always ?? (context > originalContext ? long : short)
        }
    }

    var vocabularyCount: Int { Int(tokenEmbedding.rows) }

    /// The largest rank of a change by an adapter; 0 without adapters.
    var mostRank: Int { linears.flatMap(\.updates).map { Int($0.a.rows) }.max() ?? 0 }

    /// All matrices that are multiplied, in the order of a pass; the output matrix is the last.
    var matrices: [sotto_matrix] { linears.map(\.matrix) }

    private var linears: [Linear] {
        layers.flatMap { [$0.query, $0.key, $0.value, $0.output, $0.gate, $0.up, $0.down] } + [output]
    }

    init(
        source: any ModelSource, adapters: [LoRAAdapter] = [], spec: ArchitectureSpec, config: ModelConfig
    ) throws(ModelError) {
        self.source = source
        self.adapters = adapters
        let reader = TensorReader(source: source, adapters: adapters)
        tokenEmbedding = try reader.matrix(.tokenEmbedding, cols: config.hiddenSize)
        let vocabulary = Int(tokenEmbedding.rows)
        outputNorm = try reader.vector(.outputNorm, count: config.hiddenSize)
        if reader.has(.output), !spec.alwaysTiesEmbeddings {
            output = try reader.linear(.output, rows: vocabulary, cols: config.hiddenSize)
        } else {
            output = Linear(matrix: tokenEmbedding, bias: try reader.optionalVector(.output, .bias, count: vocabulary))
        }
        let pairs = config.ropeDim / 2
        ropeFactors = RoPEFactors(
            always: try reader.multipliers(.ropeFactors(.always), count: pairs),
            short: try reader.multipliers(.ropeFactors(.short), count: pairs),
            long: try reader.multipliers(.ropeFactors(.long), count: pairs))
        var layers: [LayerWeights] = []
        for index in 0..<config.layers {
            layers.append(try reader.layer(index, spec: spec, config: config))
        }
        self.layers = layers
    }
}

extension TensorReader {
    fileprivate func layer(
        _ index: Int, spec: ArchitectureSpec, config: ModelConfig
    ) throws(ModelError) -> LayerWeights {
        func role(_ role: LayerRole) -> TensorRole { .layer(index, role) }
        let size = config.hiddenSize
        let rows = [
            config.heads * config.headDim, config.kvHeads * config.headDim, config.kvHeads * config.valueDim,
        ]
        let projections = try split(
            fused: role(.queryKeyValue), parts: [role(.query), role(.key), role(.value)], rows: rows, cols: size)
        let scale = spec.hasFFNScales ? ScaleUse.sum : .nothing
        // Without a separate gate matrix, its rows come before those of `up` in the same tensor.
        let ffnRows = [config.ffnSize, config.ffnSize]
        let gateAndUp =
            has(role(.gate))
            ? try split(
                fused: nil, parts: [role(.gate), role(.up)], rows: ffnRows, cols: size, scale: scale)
            : try split(
                fused: role(.up), parts: [], rows: ffnRows, cols: size, scale: scale)
        func norm(_ name: LayerRole, _ count: Int, if present: Bool) throws(ModelError) -> FloatBuffer? {
            present ? try vector(role(name), count: count) : nil
        }
        return LayerWeights(
            attentionNorm: try vector(role(.attentionNorm), count: size),
            query: projections[0], key: projections[1], value: projections[2],
            queryNorm: try norm(.queryNorm, config.headDim, if: spec.hasQueryKeyNorms),
            keyNorm: try norm(.keyNorm, config.headDim, if: spec.hasQueryKeyNorms),
            output: try linear(role(.attentionOutput), rows: size, cols: config.heads * config.valueDim),
            postAttentionNorm: try norm(.postAttentionNorm, size, if: spec.hasPostNorms),
            ffnNorm: try vector(role(.ffnNorm), count: size),
            gate: gateAndUp[0], up: gateAndUp[1],
            down: try linear(
                role(.down), rows: size, cols: config.ffnSize, scale: scale),
            postFFNNorm: try norm(.postFFNNorm, size, if: spec.hasPostNorms),
            usesSlidingWindow: config.usesSlidingWindow[index])
    }
}
