import CKernels

/// Attention with a state of fixed size instead of a cache: a gated delta network (Yang et al. 2024), or the state space of
/// Mamba 2, whose B and C are keys and queries. (Dao & Gu 2024)
///
///     q, k, v = silu(convolve(query · x, key · x, value · x))
///     out = output · gated(attend(q, k, v, decays and rates of x), gate · x)
///
/// H and G are the numbers of value and key heads, K and V their dimensions, E the hidden size.
struct LinearAttention {
    let config: LinearAttentionConfig
    let input: Input
    /// Of queries, keys and values.
    let convolutions: [CausalConvolution]
    let timeBias: FloatBuffer  // [H]
    /// What the logarithm of a decay is per unit of time; below 0. [H]
    let decayRates: FloatBuffer
    /// Shares of values that are added to the output. [H]
    let skips: FloatBuffer?
    /// Of the output of each head (gated delta networks), or of the heads that share a key head together (Mamba 2).
    let norm: HeadNorm
    let output: Linear  // [E × H·V]

    /// Where the matrices are that read the layer's input.
    enum Input {
        /// [G·K × E], [G·K × E], [H·V × E], [H·V × E]; times and rates are [H × E].
        case separate(query: Linear, key: Linear, value: Linear, gate: Linear, times: Linear, rates: Linear?)
        /// The rows of query, key, value and gate of one key head after the other, and those of rates and times. (Qwen 3
        /// Next)
        case byKeyHead(all: Linear, ratesAndTimes: Linear)
        /// The same for rates and times only, as in GGUF files.
        case ratesByKeyHead(query: Linear, key: Linear, value: Linear, gate: Linear, ratesAndTimes: Linear)

        var linears: [Linear] {
            switch self {
            case .separate(let query, let key, let value, let gate, let times, let rates):
                [query, key, value, gate, times] + (rates.map { [$0] } ?? [])
            case .byKeyHead(let all, let ratesAndTimes): [all, ratesAndTimes]
            case .ratesByKeyHead(let query, let key, let value, let gate, let ratesAndTimes):
                [query, key, value, gate, ratesAndTimes]
            }
        }
    }

    var linears: [Linear] { input.linears + [output] }

    static func scratch(_ config: LinearAttentionConfig) -> ScratchNeed {
        ScratchNeed([
            .query: config.keySize, .key: config.keySize, .value: config.valueSize, .attentionGate: config.valueSize,
            .latent: config.isByKeyHead ? config.inputRows : 0, .timeSteps: config.heads, .decays: config.heads,
            .rates: 2 * config.heads,
        ])
    }

    /// Writes its output to `projected`.
    ///
    /// - Parameters:
    ///   - x: [tokens][E]
    ///   - layer: index of the layer, for its state.
    func run(_ x: FloatBuffer, _ layer: Int, _ work: Workspace) throws(EngineError) {
        try project(x, work)
        let state = work.states.layer(layer)
        for (part, convolution) in zip([work[.query], work[.key], work[.value]], convolutions) {
            convolution.run(part, state: state, work)
            let (count, size) = (Int64(work.count), Int64(convolution.channels))
            sotto_gated(
                work.compute.handle, .init(SOTTO_SILU), part.base, nil, part.base, count, size, size)
        }
        measureTime(work)
        if config.isDelta { normalize(work) }
        attend(state + config.convolutionFloats, work)
        applyGate(work)
        try work.project(work[.value], config.valueSize, (output, work[.projected]))
    }

    // MARK: Input

    private func project(_ x: FloatBuffer, _ work: Workspace) throws(EngineError) {
        let size = work.hiddenSize
        let (queries, keys, values, gates) = (work[.query], work[.key], work[.value], work[.attentionGate])
        switch input {
        case .separate(let query, let key, let value, let gate, let times, let rates):
            try work.project(x, size, (query, queries), (key, keys), (value, values), (gate, gates))
            try work.project(x, size, (times, work[.timeSteps]))
            if let rates { try work.project(x, size, (rates, work[.rates])) }
        case .byKeyHead(let all, let ratesAndTimes):
            try work.project(x, size, (all, work[.latent]), (ratesAndTimes, work[.rates]))
            for token in 0..<work.count { split(token, work) }
            splitRates(work)
        case .ratesByKeyHead(let query, let key, let value, let gate, let ratesAndTimes):
            try work.project(x, size, (query, queries), (key, keys), (value, values), (gate, gates))
            try work.project(x, size, (ratesAndTimes, work[.rates]))
            splitRates(work)
        }
    }

    /// Puts the parts of all key heads of a token next to each other.
    private func split(_ token: Int, _ work: Workspace) {
        let group = config.heads / config.keyHeads * config.valueDim
        var source = UnsafePointer(work[.latent].base + token * config.inputRows)
        let parts = [
            (work[.query], config.keyDim), (work[.key], config.keyDim), (work[.value], group),
            (work[.attentionGate], group),
        ]
        for head in 0..<config.keyHeads {
            for (target, count) in parts {
                (target.base + (token * config.keyHeads + head) * count).update(from: source, count: count)
                source += count
            }
        }
    }

    /// The rates come before the times of each key head.
    private func splitRates(_ work: Workspace) {
        let group = config.heads / config.keyHeads
        let (both, times) = (work[.rates].base, work[.timeSteps].base)
        for index in 0..<work.count * config.keyHeads {
            let source = both + index * 2 * group
            (times + index * group).update(from: source + group, count: group)
            // Moves to the left, where everything has been read.
            (both + index * group).update(from: source, count: group)
        }
    }

    // MARK: Steps

    /// Time steps and decays, and what the values of a token count.
    private func measureTime(_ work: Workspace) {
        let (times, rates) = (work[.timeSteps].base, work[.rates].base)
        var call = sotto_time_step_call(
            x: times, bias: timeBias.base, rates: decayRates.base, least: config.timeSteps.lowerBound,
            most: config.timeSteps.upperBound, tokens: Int64(work.count), heads: Int64(config.heads), steps: times,
            decays: work[.decays].base)
        sotto_time_steps(&call)
        guard config.isDelta else { return }
        let (tokens, heads) = (Int64(work.count), Int64(config.heads))
        sotto_gated(work.compute.handle, .init(SOTTO_SIGMOID), rates, nil, rates, tokens, heads, heads)
    }

    /// Queries and keys of length 1; queries are divided by √K. A mean of squares is 1/K of their sum.
    private func normalize(_ work: Workspace) {
        let (handle, dim) = (work.compute.handle, Float(config.keyDim))
        for (x, factor) in [(work[.query].base, 1 / dim), (work[.key].base, 1 / dim.squareRoot())] {
            sotto_rms_norm(
                handle, x, nil, 1e-6 / dim, Int64(work.count * config.keyHeads), Int64(config.keyDim), x)
            sotto_scale(handle, factor, x, Int64(work.count * config.keySize))
        }
    }

    private func attend(_ state: UnsafeMutablePointer<Float>, _ work: Workspace) {
        var call = sotto_linear_attention()
        call.queries = UnsafePointer(work[.query].base)
        call.keys = UnsafePointer(work[.key].base)
        call.values = work[.value].base
        call.decays = UnsafePointer(work[.decays].base)
        call.rates = UnsafePointer(work[config.isDelta ? .rates : .timeSteps].base)
        call.skips = skips.map { UnsafePointer($0.base) }
        call.state = state
        call.tokens = Int64(work.count)
        call.heads = Int64(config.heads)
        call.key_heads = Int64(config.keyHeads)
        call.key_dim = Int64(config.keyDim)
        call.value_dim = Int64(config.valueDim)
        call.tiled = config.tilesHeads
        call.is_delta = config.isDelta
        sotto_attend_linearly(work.compute.handle, &call)
    }

    /// Delta networks normalise before the gate, Mamba 2 after it.
    private func applyGate(_ work: Workspace) {
        let (values, gates) = (work[.value].base, work[.attentionGate].base)
        let groups = config.isDelta ? config.heads : config.keyHeads
        let (tokens, size) = (Int64(work.count), Int64(config.valueSize))
        func gate() {
            sotto_gated(work.compute.handle, .init(SOTTO_SILU), gates, values, values, tokens, size, size)
        }
        if !config.isDelta { gate() }
        norm.apply(work.compute, work[.value], tokens: work.count, heads: groups)
        if config.isDelta { gate() }
    }
}
