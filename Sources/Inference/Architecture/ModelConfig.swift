/// The hyperparameters of a model, read from its source and checked for consistency.
package struct ModelConfig: Sendable {
    package var layers: [LayerConfig]
    /// Width of the residual stream.
    package var hiddenSize: Int
    package var norm: NormConfig
    package var trainedContext: Int
    /// The context length up to which LongRoPE's short factors are used.
    package var originalContext: Int
    /// The positional rotations of the layers.
    package var ropes: [RoPEConfig]
    package var ropePairing: ArchitectureSpec.RoPEPairing?
    /// The largest bias of attention with linear biases; 0 for none.
    package var alibiBias: Float
    /// 0 for none.
    package var attentionSoftCap: Float
    /// The largest magnitude of queries, keys and values; 0 for no limit.
    package var projectionClamp: Float
    /// Factor of attention's output.
    package var valueScale: Float
    /// Whether both blocks of a layer read its input, if the feed-forward network has a norm of its own and if not.
    package var isParallel: Bool
    package var isParallelWithoutNorm: Bool
    package var residualScale: Float
    package var embeddingScale: Float
    /// The number of layers that are run again and again; that of all layers if they run once.
    package var layersPerRepeat: Int
    package var hasNormBetweenRepeats: Bool
    /// Elements of a layer's part of the per-layer embeddings; 0 without them.
    package var perLayerSize: Int
    /// Whether each layer adds the embeddings.
    package var addsEmbeddings: Bool
    /// Rank of the low-rank paths beside attention; 0 without them.
    package var laurelRank: Int
    /// Parallel residual streams, 1 for an ordinary one.
    package var streams: Int
    package var logitFactor: Float
    /// 0 for none.
    package var logitSoftCap: Float

    /// How vectors are normalised.
    package struct NormConfig: Sendable {
        package var isRMS: Bool
        package var hasWeights: Bool
        package var hasBias: Bool
        package var epsilon: Float
    }

    package init(_ spec: ArchitectureSpec, _ source: any ModelSource) throws(ModelError) {
        let reader = ConfigReader(source: source)
        hiddenSize = try reader.int(.hiddenSize, in: 1...131_072)
        norm = try NormConfig(spec.norm, reader)
        trainedContext = try reader.int(.contextLength, in: 1...(1 << 27))
        originalContext = try reader.int(.ropeOriginalContext, in: 1...(1 << 27), default: trainedContext)
        attentionSoftCap = try reader.softCap(.attentionSoftCap, default: spec.attentionSoftCap)
        logitSoftCap = try reader.softCap(.logitSoftCap, default: spec.logitSoftCap)
        projectionClamp = spec.clampsProjections ? try reader.factor(.projectionClamp, default: 0) : 0
        valueScale = spec.scalesValues ? try reader.scale(.valueScale, default: 1) : 1
        isParallelWithoutNorm = false
        switch spec.residual {
        case .sequential: isParallel = false
        case .parallel: (isParallel, isParallelWithoutNorm) = (true, true)
        case .configured: isParallel = try reader.flag(.isParallel, default: true)
        case .parallelWithoutNorm: (isParallel, isParallelWithoutNorm) = (false, true)
        }
        switch spec.embeddingScale {
        case .none: embeddingScale = 1
        case .rootOfHiddenSize: embeddingScale = Float(hiddenSize).squareRoot()
        case .configured(let value): embeddingScale = try reader.scale(.embeddingScale, default: value)
        }
        logitFactor = try reader.logitFactor(spec.logitScale, hiddenSize: hiddenSize)

        let layers = try LayerReader(spec, reader, hiddenSize: hiddenSize, originalContext: originalContext)
        self.layers = try layers.read()
        layersPerRepeat = layers.count
        hasNormBetweenRepeats = try !reader.flag(.skipsNormBetweenRepeats, default: false)
        ropes = layers.ropes
        ropePairing = try spec.rope.map { (pairing) throws(ModelError) in try reader.pairing(pairing) }
        alibiBias = try reader.alibiBias(spec.alibi, layers: layers.count)
        residualScale =
            try spec.residualScale.map { (factor) throws(ModelError) in
                try reader.scale(.residualScale, default: factor.default(layers: layers.count))
            } ?? 1
        perLayerSize = 0
        if spec.perLayerEmbeddings, let width = source.tensor(.perLayerEmbedding, .weight)?.dimensions.first {
            perLayerSize = width / layers.count
        }
        addsEmbeddings = spec.addsEmbeddings
        laurelRank = 0
        streams = 1
        if spec.altUp, let tensor = source.tensor(.altUpProjection, .weight) {
            streams = tensor.dimensions.count == 3 ? min(tensor.dimensions[2], 15) + 1 : 2
            laurelRank = min(source.tensor(.layer(0, .laurelLeft), .weight)?.dimensions.last ?? 1, 65_536)
        }
    }

    /// The attention of all layers that have it.
    package var attentions: [AttentionConfig] {
        layers.compactMap { if case .attention(let attention) = $0.mixer { attention } else { nil } }
    }

    /// The most query heads that share a key head.
    var largestGroup: Int { attentions.map { $0.heads / $0.kvHeads }.max() ?? 1 }

    /// The experts of a layer that has them; 0 for models without experts.
    package var experts: Int {
        layers.lazy.compactMap { if case .experts(let experts) = $0.feedForward { experts.experts } else { nil } }
            .first ?? 0
    }
}

extension ModelConfig.NormConfig {
    fileprivate init(_ kind: ArchitectureSpec.NormKind, _ reader: ConfigReader) throws(ModelError) {
        hasWeights = kind != .rmsWithoutWeights && kind != .layerWithoutWeights
        hasBias = kind == .layer || kind == .rmsWithBias
        isRMS =
            switch kind {
            case .rms, .rmsWithoutWeights, .rmsWithBias: true
            case .layer, .layerWithoutWeights: false
            case .configured: reader.source.value(.normEpsilon)?.number ?? 0 != 0
            }
        // Nemotron-H has one value for both kinds.
        let other = isRMS ? reader.source.value(.layerNormEpsilon)?.number : nil
        epsilon = Float(try reader.double(isRMS ? .normEpsilon : .layerNormEpsilon, in: 0...1, default: other))
    }
}

extension ConfigReader {
    /// A soft cap, if the family has one; otherwise the metadata is ignored.
    fileprivate func softCap(_ key: ConfigKey, default: Float?) throws(ModelError) -> Float {
        guard let `default` else { return 0 }
        return Float(try double(key, in: 0...1e6, default: Double(`default`)))
    }

    func factor(_ key: ConfigKey, default: Float?) throws(ModelError) -> Float {
        Float(try double(key, in: -1e6...1e6, default: `default`.map(Double.init)))
    }

    /// A factor of which files say 0 for none.
    fileprivate func scale(_ key: ConfigKey, default: Float) throws(ModelError) -> Float {
        let factor = try factor(key, default: `default`)
        return factor == 0 ? 1 : factor
    }

    fileprivate func logitFactor(
        _ scale: ArchitectureSpec.LogitScale?, hiddenSize: Int
    ) throws(ModelError) -> Float {
        let factor: Float
        switch scale {
        case nil: return 1
        case .multiply(let value): factor = try self.factor(.logitScale, default: value)
        case .divide(let value): factor = 1 / (try self.factor(.logitScale, default: value))
        case .divideByWidth: factor = 1 / (try self.factor(.logitScale, default: 256 / Float(hiddenSize)))
        }
        guard factor.isFinite else { throw invalid(.logitScale, found: "0", expected: "another number") }
        return factor == 0 ? 1 : factor
    }

    fileprivate func pairing(
        _ pairing: ArchitectureSpec.RoPEPairing
    ) throws(ModelError) -> ArchitectureSpec.RoPEPairing {
        guard pairing == .adjacentWithoutSections else { return pairing }
        guard case .integers(let sections) = source.value(.ropeSections) else { return .adjacent }
        return sections.contains { $0 != 0 } ? .halves : .adjacent
    }

    fileprivate func alibiBias(_ alibi: ArchitectureSpec.ALiBi?, layers: Int) throws(ModelError) -> Float {
        switch alibi {
        case nil: 0
        case .bias(let bias): bias
        case .configured: try factor(.alibiBias, default: 0)
        case .inModels(let count, let bias): layers == count ? bias : 0
        }
    }
}
