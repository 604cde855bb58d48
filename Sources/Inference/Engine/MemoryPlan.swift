/// The memory that a model will take, calculated before anything is allocated.
public struct MemoryPlan: Sendable, Equatable {
    /// Tokens that prompt and reply may take together.
    public let contextLength: Int
    /// Prompt tokens computed in one pass.
    public let prefillBatch: Int
    /// Weights, full KV cache, buffers and interleaved copies, including those of the draft model.
    public let byteCount: Int
    /// Interleaved copies of matrices; 0 if they would take more than half of the memory that the rest leaves.
    public let interleavedBytes: Int

    /// What of it are weights that stay in their files, whose pages the system can drop and read again.
    package let mappedBytes: Int

    /// Uses the context length from the options or else the model's own, halved until the cache fits into half of the
    /// memory that the weights leave. Throws only if not even the cache and the buffers fit: mapped weights that do not are
    /// read from the disk again and again, which `WeightPaging` predicts.
    ///
    /// - Parameter memory: what there is, in bytes.
    public init(
        model: Model, draft: Model? = nil, options: EngineOptions = .init(), memory: Int = Machine.memory
    ) throws(EngineError) {
        try self.init([model, draft].compactMap { $0?.size }, options, memory: memory)
    }

    /// The same from what a source says, without reading weights, vocabulary or template. Nil if its architecture is not
    /// supported or its configuration incomplete.
    package init?(source: any StoredModel, options: EngineOptions = .init()) throws(EngineError) {
        guard let size = source.size else { return nil }
        try self.init([size], options, memory: Machine.memory)
    }

    /// - Parameter models: the model, and its draft model if there is one.
    private init(_ models: [any ModelSize], _ options: EngineOptions, memory: Int) throws(EngineError) {
        let batch = options.prefillBatch ?? models.first?.standardPrefillBatch ?? 1
        guard (1...4096).contains(batch) else { throw .prefillBatchOutOfRange(batch) }
        // A model without attention remembers nothing.
        let perToken = max(1, models.reduce(0) { $0 + $1.bytesPerToken(options) })
        let trained = models.first?.trainedContext ?? 1
        let fixed = models.reduce(0) { sum, model in
            let length = min(model.trainedContext, options.contextLength ?? model.trainedContext)
            return sum + model.fixedBytes(prefillBatch: batch, contextLength: length, options)
        }

        let weights = models.reduce(0) { $0 + $1.mappedBytes }
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
        mappedBytes = weights
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
}
