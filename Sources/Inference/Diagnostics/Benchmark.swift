/// How fast a model runs on this machine, beside how fast the machine lets anything run.
public struct Benchmark: Sendable, Equatable {
    /// What is measured.
    public struct Workload: Sendable, Equatable {
        /// Prompt tokens that are read; 0 measures no prefill.
        public var prefill: Int
        /// Tokens that are written one by one; 0 measures no decode.
        public var decode: Int
        /// Tokens that the cache holds before either.
        public var depth: Int
        /// How often each is measured, after one warm-up; at least 1.
        public var repetitions: Int

        public init(prefill: Int, decode: Int, depth: Int = 0, repetitions: Int = 5) {
            self.prefill = prefill
            self.decode = decode
            self.depth = depth
            self.repetitions = repetitions
        }
    }

    public var prefill: Speed?
    public var decode: Speed?
    public var machine: MachineLimits

    /// Tokens per second over several repetitions.
    public struct Speed: Sendable, Equatable {
        public var tokens: Int
        public var median: Double
        public var min: Double
        public var max: Double
        /// The share of the machine's limit that was reached, the median over the repetitions: for prefill the 8-bit
        /// products of the weight matrices against `int8Peak`, the attention's floating point work not counted; for
        /// decode the bytes of weights and cache against `readBandwidth`.
        public var fraction: Double

        /// - Parameters:
        ///   - rates: tokens per second of each repetition; at least one.
        ///   - costPerToken: in units of the limit, such as bytes.
        ///   - limits: units per second, as they were around each repetition.
        package init(tokens: Int, rates: [Double], costPerToken: Double, limits: [Double]) {
            self.tokens = tokens
            median = rates.median
            min = rates.min() ?? 0
            max = rates.max() ?? 0
            fraction = zip(rates, limits).map { rate, limit in limit > 0 ? rate * costPerToken / limit : 0 }.median
        }
    }
}

extension Engine {
    /// Measures reading a prompt and writing tokens one by one, and around each repetition of either what the machine
    /// can do at that second: on shared machines that changes by a factor of two from one to the next.
    public func benchmark(_ workload: Benchmark.Workload) throws(EngineError) -> Benchmark {
        let (prefill, decode) = (max(0, workload.prefill), max(0, workload.decode))
        let depth = max(0, workload.depth)
        let count = depth + max(prefill, decode)
        guard count <= contextLength else { throw .promptTooLong(tokens: count, limit: contextLength) }
        let tokens = benchmarkTokens(count)
        try fill(depth, of: tokens)

        var (prefillRates, decodeRates) = ([Double](), [Double]())
        var (prefillLimits, decodeLimits) = ([MachineLimits](), [MachineLimits]())
        let meter = MachineBenchmark(decoder.compute)
        var limits = meter.measure()
        func around() -> MachineLimits {
            let before = limits
            limits = meter.measure()
            return MachineLimits.mean(before, limits)
        }
        for _ in 0...max(1, workload.repetitions) {
            if prefill > 0 {
                prefillRates.append(
                    try rate(prefill, after: depth) { () throws(EngineError) in
                        try self.prefill(Array(tokens[..<(depth + prefill)]))
                        _ = try self.lastLogits()
                    })
                prefillLimits.append(around())
            }
            if decode > 0 {
                decodeRates.append(
                    try rate(decode, after: depth) { () throws(EngineError) in
                        for position in depth..<depth + decode {
                            try self.advance(tokens[position...position], isCancelled: { Task.isCancelled })
                            _ = try self.lastLogits()
                        }
                    })
                decodeLimits.append(around())
            }
        }
        let all = prefillLimits + decodeLimits
        let cost = model.tokenCost
        return Benchmark(
            prefill: speed(
                prefill, prefillRates, cost: cost.products(prompt: prefill), limits: prefillLimits.map(\.int8Peak)),
            decode: speed(
                decode, decodeRates,
                cost: (depth..<depth + decode).reduce(0) {
                    $0 + cost.weightBytes + model.config.cacheBytesRead(at: $1, type: decoder.cache.type)
                }, limits: decodeLimits.map(\.readBandwidth)),
            machine: MachineLimits(
                readBandwidth: all.map(\.readBandwidth).median, int8Peak: all.map(\.int8Peak).median))
    }

    /// Any tokens do, as long as they differ: speed does not depend on which.
    private func benchmarkTokens(_ count: Int) -> [Int32] {
        let vocabulary = model.summary.vocabularyCount
        return (0..<count).map { Int32(truncatingIfNeeded: ($0 &* 7919 &+ 17) % vocabulary) }
    }

    private func fill(_ depth: Int, of tokens: [Int32]) throws(EngineError) {
        cached = []
        if depth > 0 { try prefill(Array(tokens[..<depth])) }
    }

    /// Tokens per second of `body`, which computes `count` tokens after the first `depth` in the cache.
    private func rate(
        _ count: Int, after depth: Int, _ body: () throws(EngineError) -> Void
    ) throws(EngineError) -> Double {
        cached.removeSubrange(depth...)
        let start = ContinuousClock.now
        try body()
        return Double(count) / (ContinuousClock.now - start).seconds
    }

    /// - Parameters:
    ///   - rates: the first is the warm-up's, and so is the first of `limits`.
    ///   - cost: of all tokens together.
    private func speed(_ tokens: Int, _ rates: [Double], cost: Int, limits: [Double]) -> Benchmark.Speed? {
        guard tokens > 0 else { return nil }
        return Benchmark.Speed(
            tokens: tokens, rates: Array(rates.dropFirst()), costPerToken: Double(cost) / Double(tokens),
            limits: Array(limits.dropFirst()))
    }
}

extension [Double] {
    /// The middle one, or the mean of the two in the middle; 0 of none.
    var median: Double {
        guard !isEmpty else { return 0 }
        let sorted = sorted()
        return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
    }
}
