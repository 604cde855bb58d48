/// The memory that a model will take, calculated before anything is allocated.
public struct MemoryPlan: Sendable, Equatable {
    /// Tokens that prompt and reply may take together.
    public let contextLength: Int
    /// Prompt tokens computed in one pass.
    public let prefillBatch: Int
    /// Mapped file, full KV cache, buffers and interleaved copies, including those of the draft model.
    public let byteCount: Int
    /// Interleaved copies of matrices; 0 if they would take more than half of the memory that the rest leaves.
    public let interleavedBytes: Int

    /// Uses the context length from the options or else the model's own, halved until the cache fits into half of the
    /// memory that the weights leave. Throws only if not even the cache and the buffers fit: weights that do not are read
    /// from the disk again and again, which `WeightPaging` predicts.
    ///
    /// - Parameter memory: what there is, in bytes.
    public init(
        model: Model, draft: Model? = nil, options: EngineOptions = .init(), memory: Int = Machine.memory
    ) throws(EngineError) {
        try self.init(model.size, draft: draft?.size, options, memory: memory)
    }

    /// The same from what a source says, without reading weights, vocabulary or template. Nil if its architecture is not
    /// supported or its configuration incomplete.
    package init?(source: any ModelSource, options: EngineOptions = .init()) throws(EngineError) {
        guard let spec = source.spec, let config = try? ModelConfig(spec, source),
            let embedding = source.tensor(.tokenEmbedding, .weight) ?? source.tensor(.output, .weight),
            let vocabulary = embedding.dimensions.last
        else { return nil }
        let size = ModelSize(
            config: config, vocabularyCount: vocabulary, source: source)
        try self.init(size, draft: nil, options, memory: Machine.memory)
    }

    private init(
        _ model: ModelSize, draft: ModelSize?, _ options: EngineOptions, memory: Int
    ) throws(EngineError) {
        let batch = options.prefillBatch ?? Self.defaultPrefillBatch(model)
        guard (1...4096).contains(batch) else { throw .prefillBatchOutOfRange(batch) }
        let models = [model] + (draft.map { [$0] } ?? [])
        // A model without attention remembers nothing.
        let perToken = max(1, models.reduce(0) { $0 + KVCache.bytesPerToken($1.config, type: options.cacheType) })
        let trained = model.config.trainedContext
        let fixed = models.reduce(0) { sum, model in
            let buffers = Decoder.bufferBytes(
                model.config, vocabulary: model.vocabularyCount, prefillBatch: batch,
                contextLength: min(trained, options.contextLength ?? trained), threads: options.usedThreads)
            return sum + model.source.byteCount + model.source.derivedBytes + buffers + model.adapterBytes(batch)
                + model.expertBytes(batch, options)
        }

        let weights = models.reduce(0) { $0 + $1.source.byteCount }
        if let requested = options.contextLength {
            guard (1...trained).contains(requested) else { throw .contextOutOfRange(requested, most: trained) }
            contextLength = requested
        } else {
            var length = trained
            let room = WeightPaging.cacheRoom(memory: memory, fixed: fixed, weights: weights)
            while length > 1024, length > room / perToken { length /= 2 }
            contextLength = length
        }
        prefillBatch = min(batch, contextLength)
        let (cache, overflow) = contextLength.multipliedReportingOverflow(by: perToken)
        let needed = overflow ? .max : fixed.addingReportingOverflow(cache).partialValue
        // Weights stay in their files and are read again if there is no room for them; the rest has to fit.
        guard !overflow, needed > 0, needed - weights <= memory else {
            throw .notEnoughMemory(
                needed: max(needed - weights, cache), available: memory,
                fitting: max(0, memory - (fixed - weights)) / perToken)
        }
        let copies = options.kernels.interleaves ? models.reduce(0) { $0 + $1.copyBytes(options) } : 0
        interleavedBytes = needed <= memory && copies <= (memory - needed) / 2 ? copies : 0
        byteCount = needed + interleavedBytes
    }

    /// Larger batches reuse each weight for more tokens; of 128 experts that take turns, each gets 32 of 512. But a reply
    /// can only be stopped between layers, and a layer should not take much more than half a second on two cores (10¹¹
    /// multiply-adds). Depends only on the model, so that a prompt is always computed the same way.
    private static func defaultPrefillBatch(_ model: ModelSize) -> Int {
        let perLayer = model.source.weightUse.activeParameters / max(1, model.config.layers.count)
        return [512, 256].first { $0 * perLayer <= 130_000_000_000 } ?? 128
    }
}

/// The facts about a model that its memory use depends on.
private struct ModelSize {
    let config: ModelConfig
    let vocabularyCount: Int
    let source: any ModelSource
    /// Nil before the model is loaded: adapters are not known then.
    var weights: ModelWeights?

    /// Adapters and the buffers for them, with batches of that many tokens.
    func adapterBytes(_ prefillBatch: Int) -> Int {
        guard let weights else { return 0 }
        return weights.adapters.reduce(Workspace.adapterBytes(weights, prefillBatch: prefillBatch)) {
            $0 + $1.byteCount
        }
    }

    /// Scratch memory of products with experts.
    func expertBytes(_ prefillBatch: Int, _ options: EngineOptions) -> Int {
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

extension Model {
    fileprivate var size: ModelSize {
        ModelSize(
            config: config, vocabularyCount: summary.vocabularyCount, source: weights.source, weights: weights)
    }
}
