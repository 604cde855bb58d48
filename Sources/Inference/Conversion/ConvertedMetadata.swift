import GGUF

/// The metadata of a GGUF file of a checkpoint, without the tokenizer's.
struct ConvertedMetadata {
    private let source: CheckpointSource
    private let config: ModelConfig
    private let architecture: String

    init(_ source: CheckpointSource, _ config: ModelConfig, architecture: String) {
        (self.source, self.config, self.architecture) = (source, config, architecture)
    }

    func add(to writer: inout GGUFWriter, _ scheme: QuantizationScheme) {
        writer.add("general.architecture", .string(architecture))
        writer.add("general.type", .string("model"))
        if let name = source.name { writer.add("general.name", .string(name)) }
        writer.add("general.file_type", .uint32(scheme.fileType))
        writer.add("general.quantization_version", .uint32(ModelQuantizer.quantizationVersion))
        for key in ConfigKey.allCases {
            guard let value = source.value(key) else { continue }
            let name = GGUFNames.key(key)
            add(value, GGUFNames.commonKeys.contains(key) ? name : "\(architecture).\(name)", key.isReal, &writer)
        }
        addSizes(&writer)
        // Without it, readers suppose the family's usual cap.
        if config.logitSoftCap == 0, Architectures.find(architecture)?.logitSoftCap ?? 0 > 0 {
            writer.add("\(architecture).\(GGUFNames.key(.logitSoftCap))", .float32(0))
        }
    }

    /// Sizes that tensors show, but that readers of GGUF files expect.
    private func addSizes(_ writer: inout GGUFWriter) {
        func add(_ key: String, _ value: Int) { writer.add("\(architecture).\(key)", .uint32(UInt32(clamping: value))) }
        let besideExperts = source.spec?.experts.hasDense == true
        let sizes = config.layers.map { layer -> Int in
            switch layer.feedForward {
            case .dense(let dense): dense.ffnSize
            case .experts(let experts): besideExperts ? experts.shared?.ffnSize ?? 0 : 0
            case nil: 0
            }
        }
        if source.spec?.hasSingleBlocks == true {
            // Readers tell by it what a layer is.
            let sizes = config.layers.map { layer -> Int in
                switch layer.feedForward {
                case .dense(let dense): dense.ffnSize
                case .experts(let experts): experts.ffnSize
                case nil: 0
                }
            }
            writer.add("\(architecture).feed_forward_length", int32s: sizes.map { Int32(clamping: $0) })
        } else if let first = sizes.first(where: { $0 > 0 }) {
            if sizes.allSatisfy({ $0 == first || $0 == 0 }) {
                add("feed_forward_length", first)
            } else {
                writer.add("\(architecture).feed_forward_length", int32s: sizes.map { Int32(clamping: $0) })
            }
        }
        for case .experts(let experts)? in config.layers.map(\.feedForward) {
            if sizes.allSatisfy({ $0 == 0 }), source.spec?.hasSingleBlocks == false {
                add("feed_forward_length", experts.ffnSize)
            }
            add("expert_feed_forward_length", experts.ffnSize)
            if let shared = experts.shared, !besideExperts {
                add("expert_shared_feed_forward_length", shared.ffnSize)
                add("expert_shared_count", max(1, shared.ffnSize / max(1, experts.ffnSize)))
            }
            break
        }
        if source.spec?.perLayerEmbeddings == true { add("embedding_length_per_layer_input", config.perLayerSize) }
        if let vocabulary = source.tensor(.tokenEmbedding, .weight)?.dimensions.last { add("vocab_size", vocabulary) }
    }

    private func add(_ value: ConfigValue, _ key: String, _ isReal: Bool, _ writer: inout GGUFWriter) {
        switch value {
        case .integer(let value) where isReal: writer.add(key, .float32(Float(value)))
        case .integer(let value): writer.add(key, .uint32(UInt32(clamping: value)))
        case .number(let value): writer.add(key, .float32(Float(value)))
        case .flag(let value): writer.add(key, .bool(value))
        case .text(let value): writer.add(key, .string(value))
        case .integers(let values) where isReal: writer.add(key, float32s: values.map(Float.init))
        case .integers(let values): writer.add(key, int32s: values.map { Int32(clamping: $0) })
        case .numbers(let values): writer.add(key, float32s: values.map { Float($0) })
        case .flags(let values): writer.add(key, bools: values)
        case .other: break
        }
    }
}

extension ConfigKey {
    /// Whether GGUF files have a floating-point number, also for a whole one.
    fileprivate var isReal: Bool {
        switch self {
        case .layers, .hiddenSize, .heads, .kvHeads, .headDim, .valueDim, .localHeadDim, .localValueDim, .contextLength,
            .predictionLayers, .layerRepeats, .skipsNormBetweenRepeats, .ropeDim, .localRoPEDim, .ropeSections,
            .ropeIsTrained, .ropePattern, .ropeScalingType, .ropeOriginalContext, .slidingWindow,
            .slidingWindowPattern, .sharedKVLayers, .isParallel, .latentRank, .queryRank, .expandedHeadDim,
            .expandedValueDim, .temperatureLength, .convolutionLength, .gatedConvolutionLength, .stateHeads,
            .stateKeyHeads, .stateKeyDim, .stateInnerSize, .fullAttentionInterval, .experts, .expertsUsed,
            .expertLatentSize, .expertGroups, .expertGroupsUsed, .expertGating, .expertWeightsNormalization,
            .leadingDenseLayers, .expertsPerGroup:
            false
        default: true
        }
    }
}
