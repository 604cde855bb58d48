import CKernels

/// The forward pass of a decoder-only transformer, for up to `prefillBatch` tokens at a time.
///
///     x = embedding[token] · scale
///     for each layer:
///         x += mixer(norm(x))
///         x += feedForward(norm(x))
///     logits = softCap(output · norm(x) · factor)
///
/// The weights and the config determine the parts of the layers. (Vaswani et al. 2017)
final class Decoder: Runner {
    let config: ModelConfig
    let work: Workspace
    private let weights: ModelWeights
    private let logitRows: FloatBuffer  // [logitBatch][vocabulary]

    static let logitBatch = 8

    var logitBatch: Int { Self.logitBatch }
    var prefillBatch: Int { work.prefillBatch }

    /// Sees the inputs of all products.
    var observer: (any InputObserver)? {
        get { work.observer }
        set { work.observer = newValue }
    }

    /// Without states of earlier positions, nothing can be drafted.
    var batchInvariantTokens: Int {
        guard resumesAnywhere else { return 1 }
        let kernels = Int(sotto_batch_invariant_tokens(work.compute.handle, Int64(config.largestGroup)))
        return min(kernels, Self.logitBatch, prefillBatch)
    }

    /// Other kernels compute many tokens than one.
    let repeatsLastToken = false

    init(_ model: Transformer, compute: Compute, contextLength: Int, cacheType: KVCacheType, prefillBatch: Int)
        throws(EngineError)
    {
        config = model.config
        weights = model.weights
        work = try Workspace(
            model, compute: compute, contextLength: contextLength, cacheType: cacheType, prefillBatch: prefillBatch)
        logitRows = FloatBuffer(count: Self.logitBatch * weights.vocabularyCount)
    }

    /// Bytes of the buffers for passes of `prefillBatch` tokens, and of the kernels' scratch memory.
    static func bufferBytes(
        _ config: ModelConfig, vocabulary: Int, prefillBatch: Int, contextLength: Int, threads: Int
    ) -> Int {
        MemoryLayout<Float>.stride * logitBatch * vocabulary
            + Workspace.bufferBytes(config, prefillBatch: prefillBatch, contextLength: contextLength, threads: threads)
    }

    func forward(
        _ tokens: ArraySlice<Int32>, at first: Int, logits: PassLogits, isCancelled: (_ done: Double) -> Bool
    ) throws(EngineError) {
        work.begin(first: first, count: tokens.count)
        try embed(Array(tokens))
        for (index, layer) in weights.layers.enumerated() {
            guard !isCancelled(Double(index) / Double(weights.layers.count)) else { throw .cancelled }
            if index > 0, index % config.layersPerRepeat == 0, config.hasNormBetweenRepeats { normalize() }
            try layer.run(index, work)
        }
        try weights.streams?.end(work)
        work.end()
    }

    func logits(rows: Range<Int>) throws(EngineError) -> UnsafeBufferPointer<Float>? {
        let compute = work.compute
        let normed = work[.normed]
        let first = work[.residual].base + rows.lowerBound * config.hiddenSize
        weights.outputNorm.apply(compute, first, rows: rows.count, into: normed.base)
        try work.project(normed, config.hiddenSize, count: rows.count, (weights.output, logitRows))
        let count = rows.count * weights.vocabularyCount
        if config.logitFactor != 1 { sotto_scale(compute.handle, config.logitFactor, logitRows.base, Int64(count)) }
        if config.logitSoftCap > 0 {
            sotto_soft_cap(compute.handle, config.logitSoftCap, logitRows.base, Int64(count))
        }
        guard sotto_all_finite(compute.handle, logitRows.base, Int64(count)) else { return nil }
        return UnsafeBufferPointer(start: logitRows.base, count: count)
    }

    func expSum(_ logits: UnsafeBufferPointer<Float>, largest: Float) -> Double {
        sotto_exp_sum(work.compute.handle, largest, logits.baseAddress, Int64(logits.count))
    }

    /// Keys and values can be cut to any position, states of fixed size cannot.
    var resumesAnywhere: Bool { work.states.isEmpty }
    func resumePosition(upTo position: Int) -> Int { work.states.resumePosition(upTo: position) }

    func stateBytesRead(at position: Int) -> Int {
        config.attentions.reduce(RecurrentStates.stateBytes(config)) {
            $0 + $1.cacheBytesRead(at: position, type: work.cache.type)
        }
    }

    func prepareNext() -> Bool { work.interleaved.copyNext() }

    // MARK: Embeddings

    private func embed(_ ids: [Int32]) throws(EngineError) {
        let (residual, handle) = (work[.residual], work.compute.handle)
        let elements = Int64(ids.count * config.hiddenSize)
        var matrix = weights.tokenEmbedding
        sotto_gather_rows(handle, &matrix, ids, Int64(ids.count), residual.base)
        if config.embeddingScale != 1 { sotto_scale(handle, config.embeddingScale, residual.base, elements) }
        if var positions = weights.positionEmbedding {
            let indices = (0..<ids.count).map { Int32(clamping: work.first + $0) }
            sotto_gather_rows(handle, &positions, indices, Int64(ids.count), work[.normed].base)
            sotto_add(handle, work[.normed].base, residual.base, elements)
        }
        weights.embeddingNorm?.apply(work.compute, residual.base, rows: ids.count, into: residual.base)
        if config.addsEmbeddings {
            work[.streams].base.update(from: residual.base, count: Int(elements))
        }
        try weights.perLayerInputs?.prepare(ids, work)
        try weights.streams?.begin(work)
    }

    private func normalize() {
        let residual = work[.residual].base
        weights.outputNorm.apply(work.compute, residual, rows: work.count, into: residual)
    }
}
