import CKernels

/// The forward pass of a decoder-only transformer, for up to `prefillBatch` tokens at a time.
///
///     x = embedding[token] · scale
///     for each layer:
///         x += postNorm(output · attend(rope(norm(query · n)), cache ← rope(norm(key · n)), value · n)),  n = norm(x)
///         x += postNorm(down · (f(gate · n) ⊙ up · n)),                                                   n = norm(x)
///     logits = softCap(output · norm(x))
///
/// The weights and the config determine the optional parts (post norms, query and key norms, sliding windows, caps).
/// (Vaswani et al. 2017; Touvron et al. 2023; Gemma Team 2024)
final class Decoder {
    let config: ModelConfig
    let cache: KVCache
    let prefillBatch: Int
    let compute: Compute
    let interleaved: InterleavedWeights
    private let weights: ModelWeights
    private let activation: sotto_activation
    private let pairing: sotto_rope_pairing
    private let rope: RoPETable
    private let localRoPE: RoPETable

    // Buffers for a pass of T tokens; sizes as in `LayerWeights`.
    private let residual: FloatBuffer  // [T][E]
    private let normed: FloatBuffer  // [T][E]
    private let query: FloatBuffer  // [T][H·K]
    private let key: FloatBuffer  // [T][G·K]
    private let value: FloatBuffer  // [T][G·V]
    private let attended: FloatBuffer  // [T][H·V]
    private let gate: FloatBuffer  // [T][F]
    private let up: FloatBuffer  // [T][F]
    private let projected: FloatBuffer  // [T][E]
    private let logitRows: FloatBuffer  // [logitBatch][vocabulary]
    private let lowRank: LowRankBuffers?

    /// For the changes of adapters.
    private struct LowRankBuffers {
        let reduced: FloatBuffer  // [T][rank]
        let change: FloatBuffer  // [T][rows of the matrix]
    }

    /// Positions whose logits are computed together.
    static let logitBatch = 8

    /// Passes of up to this many tokens are batch-invariant: each token gets the same logits, bit for bit, as in a pass
    /// of its own.
    var batchInvariantTokens: Int {
        let kernels = Int(sotto_batch_invariant_tokens(compute.handle, Int64(config.heads / config.kvHeads)))
        return min(kernels, Self.logitBatch, prefillBatch)
    }

    init(_ model: Model, compute: Compute, contextLength: Int, cacheType: KVCacheType, prefillBatch: Int)
        throws(EngineError)
    {
        let config = model.config
        self.config = config
        self.compute = compute
        self.prefillBatch = prefillBatch
        weights = model.weights
        interleaved = InterleavedWeights(model.weights, compute: compute)
        activation = model.spec.activation.kernel
        pairing = model.spec.ropePairing.kernel
        cache = try KVCache(config, capacity: contextLength, type: cacheType)
        let factors = weights.ropeFactors.factors(context: contextLength, originalContext: config.originalContext)
        rope = RoPETable(
            ropeDim: config.ropeDim, base: config.ropeBase, scaling: config.ropeScaling, factors: factors,
            prefillBatch: prefillBatch)
        localRoPE = RoPETable(
            ropeDim: config.ropeDim, base: config.localRoPEBase, scaling: config.localRoPEScaling, factors: factors,
            prefillBatch: prefillBatch)
        residual = FloatBuffer(count: prefillBatch * config.hiddenSize)
        normed = FloatBuffer(count: prefillBatch * config.hiddenSize)
        query = FloatBuffer(count: prefillBatch * config.heads * config.headDim)
        key = FloatBuffer(count: prefillBatch * config.kvHeads * config.headDim)
        value = FloatBuffer(count: prefillBatch * config.kvHeads * config.valueDim)
        attended = FloatBuffer(count: prefillBatch * config.heads * config.valueDim)
        gate = FloatBuffer(count: prefillBatch * config.ffnSize)
        up = FloatBuffer(count: prefillBatch * config.ffnSize)
        projected = FloatBuffer(count: prefillBatch * config.hiddenSize)
        logitRows = FloatBuffer(count: Self.logitBatch * weights.vocabularyCount)
        let rank = weights.mostRank
        lowRank =
            rank == 0
            ? nil
            : LowRankBuffers(
                reduced: FloatBuffer(count: prefillBatch * rank),
                change: FloatBuffer(count: Self.changeFloats(weights, prefillBatch: prefillBatch)))
    }

    /// The output matrix is the only one with more rows than these, and is multiplied with few tokens at a time.
    private static func changeFloats(_ weights: ModelWeights, prefillBatch: Int) -> Int {
        let rows = weights.matrices.dropLast().map { Int($0.rows) }.max() ?? 0
        return max(prefillBatch * rows, logitBatch * weights.vocabularyCount)
    }

    /// Bytes of the buffers for the changes of adapters; 0 without adapters.
    static func adapterBytes(_ weights: ModelWeights, prefillBatch: Int) -> Int {
        let rank = weights.mostRank
        guard rank > 0 else { return 0 }
        return MemoryLayout<Float>.stride * (prefillBatch * rank + changeFloats(weights, prefillBatch: prefillBatch))
    }

    /// Bytes of the buffers above for passes of `prefillBatch` tokens, and of the scratch memory of attention.
    static func bufferBytes(
        _ config: ModelConfig, vocabulary: Int, prefillBatch: Int, contextLength: Int, threads: Int
    ) -> Int {
        let perToken =
            3 * config.hiddenSize + 2 * config.ffnSize + config.heads * (config.headDim + config.valueDim)
            + config.kvHeads * (config.headDim + config.valueDim) + 2 * config.ropeDim
        let buffers = MemoryLayout<Float>.stride * (prefillBatch * perToken + logitBatch * vocabulary)
        var attention = sotto_attention()
        attention.tokens = Int64(prefillBatch)
        attention.heads = Int64(config.heads)
        attention.kv_heads = Int64(config.kvHeads)
        attention.head_dim = Int64(config.headDim)
        attention.value_dim = Int64(config.valueDim)
        attention.capacity = Int64(contextLength)
        return buffers + sotto_attend_scratch_bytes(&attention, Int32(threads))
    }

    /// Runs 1…prefillBatch tokens through all layers at positions first, first + 1, …; earlier positions are in the
    /// cache. The engine ensures that ids are in the vocabulary and positions within the capacity of the cache.
    ///
    /// - Parameter isCancelled: checked before every layer. After a cancelled pass, the cache's contents from `first` on
    ///   are invalid and must be written again.
    func forward(_ tokens: ArraySlice<Int32>, at first: Int, isCancelled: () -> Bool) throws(EngineError) {
        let count = tokens.count
        var matrix = weights.tokenEmbedding
        Array(tokens).withUnsafeBufferPointer { ids in
            guard let base = ids.baseAddress else { return }
            sotto_gather_rows(compute.handle, &matrix, base, Int64(count), residual.base)
        }
        if config.embeddingScale != 1 {
            sotto_scale(compute.handle, config.embeddingScale, residual.base, Int64(count * config.hiddenSize))
        }
        rope.prepare(first: first, count: count)
        if config.slidingWindow > 0 { localRoPE.prepare(first: first, count: count) }
        for (index, layer) in weights.layers.enumerated() {
            guard !isCancelled() else { throw .cancelled }
            try attention(layer, index, first: first, count: count)
            try feedForward(layer, count: count)
        }
    }

    /// The logits after some tokens of the latest pass, [rows][vocabulary], valid until the next call; nil if any is not
    /// finite.
    ///
    /// - Parameter rows: indices of tokens within the pass, at most `logitBatch` of them.
    func logits(rows: Range<Int>) throws(EngineError) -> UnsafeBufferPointer<Float>? {
        let vocabulary = weights.vocabularyCount
        norm(residual.base + rows.lowerBound * config.hiddenSize, weights.outputNorm, rows.count, into: normed.base)
        try project(normed, config.hiddenSize, rows.count, (weights.output, logitRows))
        if config.logitSoftCap > 0 {
            sotto_soft_cap(compute.handle, config.logitSoftCap, logitRows.base, Int64(rows.count * vocabulary))
        }
        let count = rows.count * vocabulary
        guard sotto_all_finite(compute.handle, logitRows.base, Int64(count)) else { return nil }
        return UnsafeBufferPointer(start: logitRows.base, count: count)
    }

    /// Σ exp(logit − largest)
    func expSum(_ logits: UnsafeBufferPointer<Float>, largest: Float) -> Double {
        sotto_exp_sum(compute.handle, largest, logits.baseAddress, Int64(logits.count))
    }

    private func attention(_ layer: LayerWeights, _ index: Int, first: Int, count: Int) throws(EngineError) {
        norm(residual.base, layer.attentionNorm, count, into: normed.base)
        try project(
            normed, config.hiddenSize, count, (layer.query, query), (layer.key, key), (layer.value, value))
        if let weight = layer.queryNorm { headNorm(query, weight, count * config.heads) }
        if let weight = layer.keyNorm { headNorm(key, weight, count * config.kvHeads) }
        let table = layer.usesSlidingWindow ? localRoPE : rope
        rotate(query, heads: config.heads, count, table)
        rotate(key, heads: config.kvHeads, count, table)
        let keys = cache.keys(layer: index)
        let values = cache.values(layer: index)
        store(key, size: config.headDim, in: keys, first: first, count: count)
        store(value, size: config.valueDim, in: values, first: first, count: count)

        var call = sotto_attention()
        call.q = UnsafePointer(query.base)
        call.q_stride = Int64(config.heads * config.headDim)
        call.keys = UnsafeRawPointer(keys)
        call.values = UnsafeRawPointer(values)
        call.kv_type = cache.type.kernel
        call.out = attended.base
        call.out_stride = Int64(config.heads * config.valueDim)
        call.tokens = Int64(count)
        call.first = Int64(first)
        call.heads = Int64(config.heads)
        call.kv_heads = Int64(config.kvHeads)
        call.head_dim = Int64(config.headDim)
        call.value_dim = Int64(config.valueDim)
        call.capacity = Int64(cache.capacity)
        call.window = layer.usesSlidingWindow ? Int64(config.slidingWindow) : 0
        call.scale = config.attentionScale
        call.soft_cap = config.attentionSoftCap
        guard sotto_attend(compute.handle, &call) else { throw .scratchUnavailable }

        try project(attended, config.heads * config.valueDim, count, (layer.output, projected))
        addToResidual(layer.postAttentionNorm, count)
    }

    private func feedForward(_ layer: LayerWeights, count: Int) throws(EngineError) {
        norm(residual.base, layer.ffnNorm, count, into: normed.base)
        try project(normed, config.hiddenSize, count, (layer.gate, gate), (layer.up, up))
        let size = Int64(config.ffnSize)
        sotto_gated(compute.handle, activation, gate.base, up.base, gate.base, Int64(count), size, size)
        try project(gate, config.ffnSize, count, (layer.down, projected))
        addToResidual(layer.postFFNNorm, count)
    }

    // MARK: Steps

    private func norm(
        _ x: UnsafePointer<Float>, _ weight: FloatBuffer, _ count: Int, into out: UnsafeMutablePointer<Float>
    ) {
        sotto_rms_norm(
            compute.handle, x, weight.base, config.normEpsilon, Int64(count), Int64(config.hiddenSize), out)
    }

    private func headNorm(_ x: FloatBuffer, _ weight: FloatBuffer, _ heads: Int) {
        sotto_rms_norm(
            compute.handle, x.base, weight.base, config.normEpsilon, Int64(heads), Int64(config.headDim), x.base)
    }

    /// out = W·x for each pair, all with the same input; each output is [count][rows of W].
    private func project(
        _ x: FloatBuffer, _ size: Int, _ count: Int, _ outputs: (Linear, FloatBuffer)...
    ) throws(EngineError) {
        let projections = outputs.map { linear, out in
            sotto_projection(
                weights: interleaved.matrix(for: linear.matrix), bias: linear.bias.map { UnsafePointer($0.base) },
                out: out.base, out_stride: linear.matrix.rows)
        }
        guard
            sotto_project(
                compute.handle, x.base, Int64(size), Int64(count), projections, Int32(projections.count))
        else { throw .scratchUnavailable }
        for (linear, out) in outputs {
            if linear.scale != 1 {
                sotto_scale(compute.handle, linear.scale, out.base, Int64(count) * linear.matrix.rows)
            }
            for update in linear.updates { try add(update, x, size, count, to: out) }
        }
    }

    /// out += scale · B·(A·x)
    private func add(
        _ update: LowRankUpdate, _ x: FloatBuffer, _ size: Int, _ count: Int, to out: FloatBuffer
    ) throws(EngineError) {
        guard let lowRank else { return }
        try multiply(update.a, x, size, count, into: lowRank.reduced)
        try multiply(update.b, lowRank.reduced, Int(update.a.rows), count, into: lowRank.change)
        let elements = Int64(count) * update.b.rows
        sotto_scale(compute.handle, update.scale, lowRank.change.base, elements)
        sotto_add(compute.handle, lowRank.change.base, out.base, elements)
    }

    private func multiply(
        _ matrix: sotto_matrix, _ x: FloatBuffer, _ size: Int, _ count: Int, into out: FloatBuffer
    ) throws(EngineError) {
        let projection = sotto_projection(weights: matrix, bias: nil, out: out.base, out_stride: matrix.rows)
        guard sotto_project(compute.handle, x.base, Int64(size), Int64(count), [projection], 1)
        else { throw .scratchUnavailable }
    }

    private func rotate(_ x: FloatBuffer, heads: Int, _ count: Int, _ table: RoPETable) {
        sotto_rope(
            compute.handle, pairing, x.base, Int64(count), Int64(heads * config.headDim), Int64(heads),
            Int64(config.headDim), Int64(config.ropeDim), table.cosines.base, table.sines.base)
    }

    private func store(_ x: FloatBuffer, size: Int, in cache: UnsafeMutableRawPointer, first: Int, count: Int) {
        sotto_kv_store(
            compute.handle, self.cache.type.kernel, x.base, Int64(count), Int64(config.kvHeads * size),
            Int64(config.kvHeads), Int64(size), cache, Int64(self.cache.capacity), Int64(first))
    }

    private func addToResidual(_ postNorm: FloatBuffer?, _ count: Int) {
        if let postNorm { norm(projected.base, postNorm, count, into: projected.base) }
        sotto_add(compute.handle, projected.base, residual.base, Int64(count * config.hiddenSize))
    }
}
