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

/// All tensors that the decoder needs, with their shapes checked against the config. E is the hidden size.
///
/// `@unchecked Sendable`: the pointers refer to a read-only mapping, which `source` keeps alive, and to buffers that are
/// not written to after initialisation.
final class ModelWeights: @unchecked Sendable {
    let source: any ModelSource
    /// The tensors point into their files.
    let adapters: [LoRAAdapter]
    let tokenEmbedding: sotto_matrix  // [vocabulary × E]
    let positionEmbedding: sotto_matrix?  // [context length × E]
    let embeddingNorm: Norm?  // [E]
    let perLayerInputs: PerLayerInputs?
    let streams: AltUpStreams?
    let layers: [Layer]
    let outputNorm: Norm  // [E]
    let output: Linear  // [vocabulary × E]
    /// LongRoPE's or Llama 3's divisors of the RoPE frequencies. [rotated dimensions / 2]
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

    /// All matrices that every token is multiplied with, in the order of a pass; the output matrix is the last.
    var matrices: [sotto_matrix] { linears.map(\.matrix) }

    /// The matrices of experts.
    var stacks: [ExpertStack] { layers.flatMap { $0.feedForward?.stacks ?? [] } }

    /// Those of the layers, and before them.
    var layerLinears: [Linear] {
        (perLayerInputs.map { [$0.projection] } ?? []) + (streams.map { $0.projections + $0.unembeddings } ?? [])
            + layers.flatMap(\.linears)
    }

    private var linears: [Linear] { layerLinears + [output] }

    /// - Parameter readsTensors: false only checks that the tensors are there, in the right shapes.
    init(
        source: any ModelSource, adapters: [LoRAAdapter] = [], spec: ArchitectureSpec, config: ModelConfig,
        readsTensors: Bool = true
    ) throws(ModelError) {
        self.source = source
        self.adapters = adapters
        let reader = TensorReader(source: source, adapters: adapters, readsTensors: readsTensors)
        let size = config.hiddenSize
        // Some files have only the output matrix.
        let hasOutputOnly = !reader.has(.tokenEmbedding) && reader.has(.output)
        let embedding = hasOutputOnly ? TensorRole.output : .tokenEmbedding
        tokenEmbedding = try reader.matrix(embedding, cols: size)
        let vocabulary = Int(tokenEmbedding.rows)
        positionEmbedding =
            reader.has(.positionEmbedding)
            ? try reader.matrix(.positionEmbedding, atLeast: config.trainedContext, cols: size) : nil
        embeddingNorm = try reader.embeddingNorm(spec, config)
        outputNorm = try reader.norm(.outputNorm, config.norm, size: size)
        let hasBias = !spec.ignoredBiases.contains(.output)
        if reader.has(.output), !spec.alwaysTiesEmbeddings {
            output = try reader.linear(
                .output, rows: vocabulary, cols: size, scale: spec.scales.contains(.output) ? .product : .nothing,
                hasBias: hasBias)
        } else {
            let bias = hasBias ? try reader.optionalVector(.output, .bias, count: vocabulary) : nil
            output = Linear(matrix: tokenEmbedding, bias: bias)
        }
        let pairs = (config.ropes.first?.dim ?? 0) / 2
        ropeFactors = RoPEFactors(
            always: try reader.multipliers(.ropeFactors(.always), atLeast: pairs),
            short: try reader.multipliers(.ropeFactors(.short), atLeast: pairs),
            long: try reader.multipliers(.ropeFactors(.long), atLeast: pairs))
        perLayerInputs = try reader.perLayerInputs(config)
        streams = config.streams > 1 ? try reader.altUpStreams(config) : nil
        let loader = LayerLoader(reader: reader, spec: spec, config: config)
        var layers: [Layer] = []
        for layer in config.layers { layers.append(try loader.layer(layer)) }
        self.layers = layers
    }
}

extension TensorReader {
    fileprivate func embeddingNorm(
        _ spec: ArchitectureSpec, _ config: ModelConfig
    ) throws(ModelError) -> Norm? {
        if spec.normalizesEmbeddings { return Norm(config.norm, size: config.hiddenSize) }
        guard has(.tokenEmbeddingNorm) else { return nil }
        return try norm(.tokenEmbeddingNorm, config.norm, size: config.hiddenSize)
    }

    fileprivate func perLayerInputs(_ config: ModelConfig) throws(ModelError) -> PerLayerInputs? {
        guard config.perLayerSize > 0 else { return nil }
        let width = config.perLayerSize * config.layers.count
        return PerLayerInputs(
            embedding: try matrix(.perLayerEmbedding, cols: width),
            projection: try linear(.perLayerProjection, rows: width, cols: config.hiddenSize),
            norm: try norm(.perLayerProjectionNorm, config.norm, size: config.perLayerSize))
    }

    fileprivate func altUpStreams(_ config: ModelConfig) throws(ModelError) -> AltUpStreams {
        let (size, count) = (config.hiddenSize, config.streams - 1)
        return AltUpStreams(
            projections: try stack(.altUpProjection, rows: size, cols: size, count: count).linears,
            unembeddings: try stack(.altUpUnembedding, rows: size, cols: size, count: count).linears)
    }
}

extension Norm {
    /// Without weights.
    init(_ config: ModelConfig.NormConfig, size: Int) {
        self.init(isRMS: config.isRMS, epsilon: config.epsilon, size: size, weight: nil, bias: nil)
    }
}
