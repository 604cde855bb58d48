import CKernels

/// What the layers of a model share while a pass runs: kernels, buffers, cache, rotations and positions.
final class Workspace {
    let compute: Compute
    let interleaved: InterleavedWeights
    let cache: KVCache
    let states: RecurrentStates
    let hiddenSize: Int
    /// Floats of a token's per-layer embeddings.
    let perLayerWidth: Int
    /// The most tokens of a pass.
    let prefillBatch: Int
    private let buffers: [FloatBuffer]
    private let rotations: [RoPETable]
    private let lowRank: LowRankBuffers?
    /// Sees the inputs of all products; nil except while an importance matrix is computed.
    var observer: (any InputObserver)?
    /// The position of the pass's first token, and the number of its tokens.
    private(set) var first = 0
    private(set) var count = 0

    /// For the changes of adapters.
    private struct LowRankBuffers {
        let reduced: FloatBuffer  // [T][rank]
        let change: FloatBuffer  // [T][rows of the matrix]
    }

    init(
        _ model: Transformer, compute: Compute, contextLength: Int, cacheType: KVCacheType, prefillBatch: Int
    ) throws(EngineError) {
        let (config, weights) = (model.config, model.weights)
        self.compute = compute
        self.prefillBatch = prefillBatch
        hiddenSize = config.hiddenSize
        perLayerWidth = config.perLayerSize * config.layers.count
        interleaved = InterleavedWeights(weights, compute: compute)
        cache = try KVCache(config, capacity: contextLength, type: cacheType)
        states = RecurrentStates(config)
        let factors = weights.ropeFactors.factors(context: contextLength, originalContext: config.originalContext)
        rotations = config.ropes.map { rope in
            RoPETable(rope, factors: rope.usesFactors ? factors : nil, prefillBatch: prefillBatch)
        }
        let need = config.scratch
        buffers = ScratchRole.allCases.map { role in
            FloatBuffer(count: role == .rotations ? 0 : need[role] * prefillBatch)
        }
        let rank = weights.mostRank
        lowRank =
            rank == 0
            ? nil
            : LowRankBuffers(
                reduced: FloatBuffer(count: prefillBatch * rank),
                change: FloatBuffer(count: Self.changeFloats(weights, prefillBatch: prefillBatch)))
    }

    subscript(role: ScratchRole) -> FloatBuffer { buffers[role.rawValue] }

    /// Begins a pass.
    func begin(first: Int, count: Int) {
        (self.first, self.count) = (first, count)
        states.begin(at: first, count: count)
        for table in rotations { table.prepare(first: first, count: count) }
    }

    /// Ends a pass that ran to its end.
    func end() { states.end(at: first + count) }

    func rotation(_ index: Int) -> RoPETable { rotations[index] }

    // MARK: Products

    /// out = W·x for each pair, all with the same input; each output is [count][rows of W].
    ///
    /// - Parameters:
    ///   - x: [count][size]
    ///   - count: nil for all tokens of the pass.
    func project(
        _ x: FloatBuffer, _ size: Int, count: Int? = nil, _ outputs: (Linear, FloatBuffer)...
    ) throws(EngineError) {
        let count = count ?? self.count
        for (linear, _) in outputs {
            observer?.observe(linear.matrix, x.base, stride: size, count: count, rows: nil, isGrouped: false)
        }
        let projections = outputs.map { linear, out in
            sotto_projection(
                weights: interleaved.matrix(for: linear.matrix), bias: linear.bias.map { UnsafePointer($0.base) },
                out: out.base, out_stride: linear.matrix.rows, experts: nil)
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
        let projection = sotto_projection(
            weights: matrix, bias: nil, out: out.base, out_stride: matrix.rows, experts: nil)
        guard sotto_project(compute.handle, x.base, Int64(size), Int64(count), [projection], 1)
        else { throw .scratchUnavailable }
    }

    // MARK: Steps

    /// out = f(gate) · up, or f(up) in networks without a gate. Rows of `size` elements.
    func activate(
        _ function: GateFunction, gate: FloatBuffer, up: FloatBuffer, rows: Int, size: Int
    ) {
        let (rows, size) = (Int64(rows), Int64(size))
        if function.isGated {
            sotto_gated(compute.handle, function.activation, gate.base, up.base, gate.base, rows, size, size)
        } else {
            sotto_gated(compute.handle, function.activation, up.base, nil, gate.base, rows, size, size)
        }
    }

    /// x[t] *= factors[t]
    func scaleRows(_ x: UnsafeMutablePointer<Float>, by factors: UnsafePointer<Float>, rows: Int, size: Int) {
        sotto_scale_rows(compute.handle, factors, x, Int64(rows), Int64(size))
    }

    /// Adds what a block returned to the residual stream.
    func addToResidual(_ x: FloatBuffer, factor: Float) {
        let elements = Int64(count * hiddenSize)
        if factor != 1 { sotto_scale(compute.handle, factor, x.base, elements) }
        sotto_add(compute.handle, x.base, self[.residual].base, elements)
    }

    // MARK: Memory

    /// Bytes of the buffers for the changes of adapters; 0 without adapters.
    static func adapterBytes(_ weights: ModelWeights, prefillBatch: Int) -> Int {
        let rank = weights.mostRank
        guard rank > 0 else { return 0 }
        return MemoryLayout<Float>.stride * (prefillBatch * rank + changeFloats(weights, prefillBatch: prefillBatch))
    }

    /// The output matrix is the only one with more rows than these, and is multiplied with few tokens at a time.
    private static func changeFloats(_ weights: ModelWeights, prefillBatch: Int) -> Int {
        let rows = weights.layerLinears.map { Int($0.matrix.rows) }.max() ?? 0
        return max(prefillBatch * rows, Decoder.logitBatch * weights.vocabularyCount)
    }

    /// Bytes of the buffers for passes of `prefillBatch` tokens, and of the scratch memory of attention.
    static func bufferBytes(_ config: ModelConfig, prefillBatch: Int, contextLength: Int, threads: Int) -> Int {
        let attention = config.attentions.map { attention in
            var call = sotto_attention()
            call.tokens = Int64(prefillBatch)
            call.heads = Int64(attention.heads)
            call.kv_heads = Int64(attention.kvHeads)
            call.head_dim = Int64(attention.headDim)
            call.value_dim = Int64(attention.valueDim)
            call.capacity = Int64(contextLength)
            return sotto_attend_scratch_bytes(&call, Int32(threads))
        }
        return MemoryLayout<Float>.stride * prefillBatch * config.scratch.floatsPerToken + (attention.max() ?? 0)
    }
}

extension ModelConfig {
    /// What the buffers of a pass hold.
    var scratch: ScratchNeed {
        var need = ScratchNeed([
            .residual: hiddenSize, .normed: hiddenSize, .projected: hiddenSize,
            .rotations: ropes.reduce(0) { $0 + $1.dim },
        ])
        let perLayerWidth = perLayerSize * layers.count
        need.form(
            with: ScratchNeed([
                .perLayerInputs: perLayerWidth, .perLayerEmbeddings: perLayerWidth, .perLayerGate: perLayerSize,
                .streams: addsEmbeddings ? hiddenSize : 0,
            ]))
        if streams > 1 {
            need.form(with: AltUpLayer.scratch(streams: streams, rank: laurelRank, hiddenSize: hiddenSize))
        }
        for layer in layers {
            switch layer.mixer {
            case .attention(let attention): need.form(with: Attention.scratch(attention))
            case .convolution: need.form(with: GatedConvolution.scratch(hiddenSize: hiddenSize))
            case .linearAttention(let linear): need.form(with: LinearAttention.scratch(linear))
            case .linear, nil: break
            }
            switch layer.feedForward {
            case .dense(let dense): need.form(with: DenseFeedForward.scratch(dense))
            case .experts(let experts): need.form(with: Experts.scratch(experts, hiddenSize: hiddenSize))
            case nil: break
            }
        }
        return need
    }
}
