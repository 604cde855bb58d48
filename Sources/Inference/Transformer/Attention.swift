import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Causal attention with cached keys and values. (Vaswani et al. 2017; Ainslie et al. 2023, grouped queries)
///
///     q, k, v = clamp(query · x, key · x, value · x)
///     out = output · (subNorm(attend(rope(norm(q)), cache ← rope(norm(k)), v)) ⊙ f(gate · x))
///
/// H and G are the numbers of query and key-value heads, K and V the key and value head dimensions, E the hidden size.
struct Attention {
    let config: AttentionConfig
    let query: Linear  // [H·K × E], or [2·H·K × E] with the gate, or [H·K × rank] after a reduction
    /// nil for queries that are computed from x itself.
    let queryReduction: QueryReduction?
    /// nil for layers that use the keys and values of an earlier one.
    let keysAndValues: KeysAndValues?
    let queryNorm: HeadNorm?
    let keyNorm: HeadNorm?
    /// Of each value head.
    let valueNorm: Norm?
    let normsFollowRoPE: Bool
    let pairing: ArchitectureSpec.RoPEPairing?
    let gate: Linear?  // [H or H·V × E]
    let gateActivation: sotto_activation
    /// Scores of nothing to attend to. [H]
    let sinks: FloatBuffer?
    /// Linear biases. [H]
    let slopes: FloatBuffer?
    let softCap: Float
    let clamp: Float
    let subNorm: Norm?  // [H·V]
    let output: Linear  // [E × H·V]
    let outputFactor: Float

    enum KeysAndValues {
        /// Values are the keys before their norm if there is no matrix for them. [G·K × E], [G·V × E]
        case projected(key: Linear, value: Linear?)
        case latent(LatentKeys)
    }

    var linears: [Linear] {
        let own: [Linear?] =
            switch keysAndValues {
            case .projected(let key, let value): [key, value]
            case .latent(let latent): [latent.projection, latent.sharedKey, latent.expansion]
            case nil: []
            }
        return [query] + (own + [queryReduction?.projection, gate]).compactMap { $0 } + [output]
    }

    static func scratch(_ config: AttentionConfig) -> ScratchNeed {
        var need = ScratchNeed([
            .query: config.querySize, .key: config.keySize, .value: config.valueSize, .attended: config.outputSize,
            .attentionGate: config.gateRows, .latent: config.hasGateInQuery ? 2 * config.querySize : 0,
            .factors: config.temperature == nil ? 0 : 1,
        ])
        if let rank = config.latentRank { need.form(with: LatentKeys.scratch(config, rank: rank)) }
        if let rank = config.queryRank { need.form(with: QueryReduction.scratch(rank: rank)) }
        return need
    }

    /// Writes its output to `projected`.
    ///
    /// - Parameter x: [tokens][E]
    func run(_ x: FloatBuffer, _ work: Workspace) throws(EngineError) {
        let (query, key, value) = (work[.query], work[.key], work[.value])
        let size = work.hiddenSize
        let projected = config.hasGateInQuery ? work[.latent] : query
        switch keysAndValues {
        case .projected(let ownKey, let ownValue?):
            try work.project(x, size, (self.query, projected), (ownKey, key), (ownValue, value))
        case .projected(let ownKey, nil):
            try work.project(x, size, (self.query, projected), (ownKey, key))
            value.base.update(from: key.base, count: work.count * config.keySize)
        case .latent(let latent):
            if let queryReduction {
                try queryReduction.run(x, self.query, work)
            } else {
                try work.project(x, size, (self.query, query))
            }
            try latent.run(x, config, pairing, work)
        case nil:
            try work.project(x, size, (self.query, query))
        }
        if config.hasGateInQuery { splitGate(work) }
        if let gate { try work.project(x, size, (gate, work[.attentionGate])) }
        if clamp > 0 { limit(work) }
        if !normsFollowRoPE { normalize(work) }
        rotate(query, heads: config.heads, work)
        // Latent keys have rotated theirs.
        if case .projected = keysAndValues { rotate(key, heads: config.kvHeads, work) }
        if normsFollowRoPE { normalize(work) }
        if let temperature = config.temperature { apply(temperature, to: query, work) }
        if keysAndValues != nil { store(work) }
        try attend(work)
        applyGate(work)
        let attended = work[.attended]
        subNorm?.apply(work.compute, attended.base, rows: work.count, into: attended.base)
        try work.project(attended, config.outputSize, (output, work[.projected]))
        if outputFactor != 1 {
            sotto_scale(
                work.compute.handle, outputFactor, work[.projected].base, Int64(work.count * work.hiddenSize))
        }
    }

    /// Puts query heads and gates, which take turns, into buffers of their own.
    private func splitGate(_ work: Workspace) {
        let (both, queries, gates) = (work[.latent].base, work[.query].base, work[.attentionGate].base)
        let dim = config.headDim
        for head in 0..<work.count * config.heads {
            (queries + head * dim).update(from: both + 2 * head * dim, count: dim)
            (gates + head * dim).update(from: both + (2 * head + 1) * dim, count: dim)
        }
    }

    private func limit(_ work: Workspace) {
        let handle = work.compute.handle
        sotto_clamp(handle, clamp, work[.query].base, Int64(work.count * config.querySize))
        guard keysAndValues != nil else { return }
        sotto_clamp(handle, clamp, work[.key].base, Int64(work.count * config.keySize))
        sotto_clamp(handle, clamp, work[.value].base, Int64(work.count * config.valueSize))
    }

    private func normalize(_ work: Workspace) {
        queryNorm?.apply(work.compute, work[.query], tokens: work.count, heads: config.heads)
        guard keysAndValues != nil else { return }
        keyNorm?.apply(work.compute, work[.key], tokens: work.count, heads: config.kvHeads)
        let value = work[.value].base
        valueNorm?.apply(work.compute, value, rows: work.count * config.kvHeads, into: value)
    }

    private func rotate(_ x: FloatBuffer, heads: Int, _ work: Workspace) {
        guard let pairing, let rope = config.rope else { return }
        let table = work.rotation(rope)
        // The rotated elements come first, except in heads that are expanded from a latent vector.
        let start = config.latentRank == nil ? 0 : config.headDim - table.dim
        table.rotate(
            x.base + start, pairing, heads: heads, headDim: config.headDim, tokens: work.count, work.compute)
    }

    private func apply(_ temperature: AttentionConfig.Temperature, to query: FloatBuffer, _ work: Workspace) {
        let factors = work[.factors].base
        for token in 0..<work.count { factors[token] = temperature.factor(at: work.first + token) }
        work.scaleRows(query.base, by: factors, rows: work.count, size: config.querySize)
    }

    private func store(_ work: Workspace) {
        let cache = work.cache
        let keys = cache.keys(layer: config.cacheLayer)
        let values = cache.values(layer: config.cacheLayer)
        for (x, size, slots) in [(work[.key], config.headDim, keys), (work[.value], config.valueDim, values)] {
            sotto_kv_store(
                work.compute.handle, cache.type.kernel, x.base, Int64(work.count), Int64(config.kvHeads * size),
                Int64(config.kvHeads), Int64(size), slots, Int64(cache.capacity), Int64(work.first))
        }
    }

    private func attend(_ work: Workspace) throws(EngineError) {
        let cache = work.cache
        var call = sotto_attention()
        call.q = UnsafePointer(work[.query].base)
        call.q_stride = Int64(config.querySize)
        call.keys = UnsafeRawPointer(cache.keys(layer: config.cacheLayer))
        call.values = UnsafeRawPointer(cache.values(layer: config.cacheLayer))
        call.kv_type = cache.type.kernel
        call.out = work[.attended].base
        call.out_stride = Int64(config.outputSize)
        call.tokens = Int64(work.count)
        call.first = Int64(work.first)
        call.heads = Int64(config.heads)
        call.kv_heads = Int64(config.kvHeads)
        call.head_dim = Int64(config.headDim)
        call.value_dim = Int64(config.valueDim)
        call.capacity = Int64(cache.capacity)
        switch config.span {
        case .all: break
        case .window(let length): call.window = Int64(length)
        case .chunk(let length): call.chunk = Int64(length)
        }
        call.scale = config.scale
        call.soft_cap = softCap
        call.sinks = sinks.map { UnsafePointer($0.base) }
        call.slopes = slopes.map { UnsafePointer($0.base) }
        guard sotto_attend(work.compute.handle, &call) else { throw .scratchUnavailable }
    }

    private func applyGate(_ work: Workspace) {
        guard config.gateRows > 0 else { return }
        let (rows, attended) = (work[.attentionGate], work[.attended])
        let (tokens, size) = (Int64(work.count), Int64(config.gateRows))
        let handle = work.compute.handle
        sotto_gated(handle, gateActivation, rows.base, nil, rows.base, tokens, size, size)
        if config.gateRows == config.heads {
            work.scaleRows(attended.base, by: rows.base, rows: work.count * config.heads, size: config.valueDim)
        } else {
            sotto_multiply(handle, rows.base, attended.base, tokens * size)
        }
    }
}

extension AttentionConfig.Temperature {
    func factor(at position: Int) -> Float {
        1 + scale * log(1 + (Float(position + offset) / Float(floor)).rounded(.down))
    }
}
