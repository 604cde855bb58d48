import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes layers of a model's tensors.
struct LayerLoader {
    let reader: TensorReader
    let spec: ArchitectureSpec
    let config: ModelConfig

    private var size: Int { config.hiddenSize }

    func layer(_ layer: LayerConfig) throws(ModelError) -> Layer {
        let tensors = LayerTensors(reader: reader, layer: layer.tensors, config: config)
        let norms = spec.blockNorms
        let recurrence = RecurrenceLoader(
            reader: reader, tensors: tensors, scale: spec.scales.contains(.mixer) ? .product : .nothing)
        var mixer: Mixer?
        switch layer.mixer {
        case .attention(let attention): mixer = .attention(try self.attention(attention, tensors))
        case .linear: mixer = .linear(try tensors.linear(.attentionOutput, rows: size, cols: size))
        case .convolution(let length): mixer = .convolution(try recurrence.gatedConvolution(length: length))
        case .linearAttention(let linear): mixer = .linearAttention(try recurrence.linearAttention(linear))
        case nil: break
        }
        let isParallel =
            config.isParallel || config.isParallelWithoutNorm && !tensors.has(.ffnNorm)
        let sharesNorm = isParallel && config.isParallelWithoutNorm && !tensors.has(.ffnNorm)
        return Layer(
            mixer: mixer,
            feedForward: try layer.feedForward.map { (feedForward) throws(ModelError) in
                try self.feedForward(feedForward, tensors, layer.tensors)
            },
            mixerNorm: norms.isBefore && mixer != nil ? try tensors.norm(.attentionNorm, size) : nil,
            mixerPostNorm: norms.isAfter ? try postNorm(.postAttentionNorm, tensors) : nil,
            feedForwardNorm: norms.isBefore && !sharesNorm && layer.feedForward != nil
                ? try tensors.norm(.ffnNorm, size) : nil,
            feedForwardPostNorm: norms.isAfter ? try postNorm(.postFFNNorm, tensors) : nil,
            isParallel: isParallel, residualFactor: config.residualScale, perLayer: try perLayer(tensors),
            altUp: config.streams > 1 ? try altUp(tensors) : nil, scale: try scale(tensors))
    }

    private func postNorm(_ role: LayerRole, _ tensors: LayerTensors) throws(ModelError) -> Norm {
        var norm = config.norm
        if let epsilon = spec.postNormEpsilon { norm.epsilon = epsilon }
        return try reader.norm(.layer(tensors.layer, role), norm, size: size)
    }

    private func scale(_ tensors: LayerTensors) throws(ModelError) -> Layer.LayerScale? {
        guard let scale = try reader.multipliers(.layer(tensors.layer, .layerScale), atLeast: 1)?.first else {
            return nil
        }
        return config.addsEmbeddings ? .embeddings(scale) : .output(scale)
    }

    // MARK: Attention

    private func attention(_ attention: AttentionConfig, _ tensors: LayerTensors) throws(ModelError) -> Attention {
        let projections = try self.projections(attention, tensors)
        let query = try headNorm(.queryNorm, heads: attention.heads, attention, tensors)
        let isRotated = attention.rope != nil
        let followsRoPE =
            switch spec.queryKeyNorms {
            case .afterRoPE, .withoutWeightsAfterRoPE, .headFactorsAfterRoPE: true
            case .none, .optional, .optionalPair, .required: false
            }
        return Attention(
            config: attention, query: projections.query,
            queryReduction: try queryReduction(attention, tensors), keysAndValues: projections.keysAndValues,
            queryNorm: spec.queryKeyNorms == .withoutWeightsAfterRoPE && !isRotated ? nil : query,
            keyNorm: projections.keysAndValues == nil || spec.queryKeyNorms == .withoutWeightsAfterRoPE && !isRotated
                ? nil : try headNorm(.keyNorm, heads: attention.kvHeads, attention, tensors),
            valueNorm: spec.normalizesValues ? Norm(config.norm, size: attention.valueDim) : nil,
            normsFollowRoPE: followsRoPE, pairing: config.ropePairing,
            gate: attention.gateRows > 0 && !attention.hasGateInQuery
                ? try tensors.linear(.attentionGate, rows: attention.gateRows, cols: size) : nil,
            gateActivation: spec.attentionGate.kernel(),
            sinks: try tensors.optionalVector(.attentionSinks, count: attention.heads),
            slopes: config.alibiBias > 0 ? Self.slopes(heads: attention.heads, bias: config.alibiBias) : nil,
            softCap: config.attentionSoftCap, clamp: config.projectionClamp,
            subNorm: tensors.has(.attentionSubNorm)
                ? try tensors.norm(.attentionSubNorm, attention.outputSize) : nil,
            output: try tensors.linear(
                .attentionOutput, rows: size, cols: attention.outputSize,
                scale: spec.scales.contains(.attentionOutput) ? .product : .nothing,
                hasBias: !spec.ignoredBiases.contains(.attentionOutput)),
            outputFactor: config.valueScale)
    }

    private func projections(
        _ attention: AttentionConfig, _ tensors: LayerTensors
    ) throws(ModelError) -> (query: Linear, keysAndValues: Attention.KeysAndValues?) {
        let scale = spec.scales.contains(.projections) ? TensorReader.ScaleUse.product : .nothing
        let isShared = attention.cacheLayer < tensors.layer
        // The reference implementation knows no biases of layers without keys of their own.
        let hasBias = !isShared && !spec.ignoredBiases.contains(.projections)
        func query() throws(ModelError) -> Linear {
            try tensors.linear(.query, rows: attention.queryRows, cols: size, scale: scale, hasBias: hasBias)
        }
        if let rank = attention.latentRank {
            return (try latentQuery(attention, tensors), .latent(try latentKeys(attention, rank: rank, tensors)))
        }
        if tensors.has(.queryKeyValue) {
            let rows = [attention.queryRows, attention.keySize, attention.valueSize]
            let parts = try reader.split(
                fused: tensors.role(.queryKeyValue), biases: [.query, .key, .value].map(tensors.role), rows: rows,
                cols: size, scale: scale, hasBias: hasBias)
            return (parts[0], isShared ? nil : .projected(key: parts[1], value: parts[2]))
        }
        guard !isShared else { return (try query(), nil) }
        let key = try tensors.linear(.key, rows: attention.keySize, cols: size, scale: scale, hasBias: hasBias)
        // Some layers of Gemma 4 use one matrix for both.
        let hasValue = tensors.has(.value) || attention.keySize != attention.valueSize || !spec.normalizesValues
        let value =
            hasValue
            ? try tensors.linear(.value, rows: attention.valueSize, cols: size, scale: scale, hasBias: hasBias) : nil
        return (try query(), .projected(key: key, value: value))
    }

    private func headNorm(
        _ role: LayerRole, heads: Int, _ attention: AttentionConfig, _ tensors: LayerTensors
    ) throws(ModelError) -> HeadNorm? {
        let plain = Norm(config.norm, size: attention.headDim)
        switch spec.queryKeyNorms {
        case .none: return nil
        case .withoutWeightsAfterRoPE: return config.experts == 128 ? nil : .heads(plain)
        case .optional where !tensors.has(role): return nil
        case .optionalPair where !tensors.has(.queryNorm): return nil
        case .headFactorsAfterRoPE:
            guard role == .queryNorm else { return .heads(plain) }
            let factors = try tensors.vector(role, count: heads)
            return .factors(plain, factors.repeated(attention.headDim))
        case .optional, .optionalPair, .required, .afterRoPE: break
        }
        let whole = heads * attention.headDim
        guard let tensor = reader.source.tensor(tensors.role(role), .weight) else {
            throw .missingTensor(reader.source.spelling(tensors.role(role), .weight))
        }
        if tensor.elementCount == attention.headDim { return .heads(try tensors.norm(role, attention.headDim)) }
        guard tensor.dimensions.count == 1 || tensor.dimensions[1] == 1 else {
            return .factors(plain, try tensors.vector(role, count: whole))
        }
        return .whole(try tensors.norm(role, whole))
    }

    /// The biases of each head per position. (Press et al. 2022)
    private static func slopes(heads: Int, bias: Float) -> FloatBuffer {
        let slopes = FloatBuffer(count: heads)
        let power = 1 << (Int.bitWidth - 1 - heads.leadingZeroBitCount)
        for head in 0..<heads {
            slopes.base[head] =
                head < power
                ? pow(2, -bias / Float(power) * Float(head + 1))
                : pow(2, -bias / 2 / Float(power) * Float(2 * (head - power) + 1))
        }
        return slopes
    }
}
