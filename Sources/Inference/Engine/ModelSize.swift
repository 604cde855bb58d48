/// What the memory that a model needs depends on.
package protocol ModelSize: Sendable {
    /// The context length that the model was trained with.
    var trainedContext: Int { get }
    /// Bytes of weights that stay in their files, whose pages the system can drop and read again.
    var mappedBytes: Int { get }
    /// Prompt tokens to compute in one pass, if the user does not say. Depends only on the model, so that a prompt is always
    /// computed the same way.
    var standardPrefillBatch: Int { get }
    /// Bytes of what each token adds to the memory of the earlier ones.
    func bytesPerToken(_ options: EngineOptions) -> Int
    /// Bytes of everything else: weights, mapped or not, and buffers.
    func fixedBytes(prefillBatch: Int, contextLength: Int, _ options: EngineOptions) -> Int
    /// Bytes of copies of matrices that make it faster.
    func copyBytes(_ options: EngineOptions) -> Int
}

extension ModelSize {
    /// Larger batches reuse each weight for more tokens; of 128 experts that take turns, each gets 32 of 512. But a reply
    /// can only be stopped between layers, and a layer should not take much more than half a second on two cores (10¹¹
    /// multiply-adds).
    static func prefillBatch(parametersPerLayer: Int) -> Int {
        [512, 256].first { $0 * parametersPerLayer <= 130_000_000_000 } ?? 128
    }
}

/// A model of this program's own decoder.
struct TransformerSize: ModelSize {
    let config: ModelConfig
    let vocabularyCount: Int
    let source: any ModelSource
    /// Nil before the model is loaded: adapters are not known then.
    var weights: ModelWeights?

    var trainedContext: Int { config.trainedContext }
    var mappedBytes: Int { source.byteCount }

    var standardPrefillBatch: Int {
        Self.prefillBatch(parametersPerLayer: source.weightUse.activeParameters / max(1, config.layers.count))
    }

    func bytesPerToken(_ options: EngineOptions) -> Int { KVCache.bytesPerToken(config, type: options.cacheType) }

    func fixedBytes(prefillBatch: Int, contextLength: Int, _ options: EngineOptions) -> Int {
        let buffers = Decoder.bufferBytes(
            config, vocabulary: vocabularyCount, prefillBatch: prefillBatch, contextLength: contextLength,
            threads: options.usedThreads)
        return source.byteCount + source.derivedBytes + RecurrentStates.byteCount(config) + buffers
            + adapterBytes(prefillBatch)
            + expertBytes(prefillBatch, options)
    }

    /// Adapters and the buffers for them, with batches of that many tokens.
    private func adapterBytes(_ prefillBatch: Int) -> Int {
        guard let weights else { return 0 }
        return weights.adapters.reduce(Workspace.adapterBytes(weights, prefillBatch: prefillBatch)) {
            $0 + $1.byteCount
        }
    }

    /// Scratch memory of products with experts.
    private func expertBytes(_ prefillBatch: Int, _ options: EngineOptions) -> Int {
        config.layers.map { layer in
            layer.expertKernelBytes(
                source, hiddenSize: config.hiddenSize, tokens: prefillBatch,
                instructionSet: options.usedInstructionSet)
        }.max() ?? 0
    }

    func copyBytes(_ options: EngineOptions) -> Int {
        InterleavedWeights.byteCount(source, layers: config.layers.count, instructionSet: options.usedInstructionSet)
    }
}

extension ModelSource {
    package var size: (any ModelSize)? {
        guard let spec, let config = try? ModelConfig(spec, self),
            let embedding = tensor(.tokenEmbedding, .weight) ?? tensor(.output, .weight),
            let vocabulary = embedding.dimensions.last
        else { return nil }
        return TransformerSize(config: config, vocabularyCount: vocabulary, source: self)
    }
}

extension Model {
    /// Nil only for an export whose graph cannot be run, which is not loaded.
    var size: (any ModelSize)? {
        guard let transformer else { return source.size }
        return TransformerSize(
            config: transformer.config, vocabularyCount: summary.vocabularyCount, source: transformer.weights.source,
            weights: transformer.weights)
    }
}
