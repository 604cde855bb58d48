/// The speed of a model on this machine, compared with the machine's limits.
public struct Benchmark: Sendable, Equatable {
    /// What to measure.
    public struct Workload: Sendable, Equatable {
        /// Prompt tokens to process; 0 skips prefill.
        public var prefill: Int
        /// Tokens to generate; 0 skips decode.
        public var decode: Int
        /// Tokens already in the cache before each test.
        public var depth: Int
        /// Repetitions of each test after a warm-up; at least 1.
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

    /// Tokens per second in several repetitions.
    public struct Speed: Sendable, Equatable {
        public var tokens: Int
        public var median: Double
        public var min: Double
        public var max: Double
        /// The share of the machine's limit that was reached, as the median of the repetitions: for prefill, the 8-bit
        /// multiply-adds of the weight matrices relative to `int8Peak`, without the floating-point work of attention; for
        /// decode, the bytes of weights and cache relative to `readBandwidth`.
        public var fraction: Double

        /// - Parameters:
        ///   - rates: tokens per second of each repetition; at least one.
        ///   - costPerToken: in units of the limit, such as bytes.
        ///   - limits: units per second, measured around each repetition.
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
    /// Measures prefill and decode. Also measures the machine's limits around each repetition, since they can change by a
    /// factor of two within seconds on shared machines.
    public func benchmark(_ workload: Benchmark.Workload) throws(EngineError) -> Benchmark {
        let (prefill, decode) = (max(0, workload.prefill), max(0, workload.decode))
        let depth = max(0, workload.depth)
        let count = depth + max(prefill, decode)
        guard count <= contextLength else { throw .promptTooLong(tokens: count, limit: contextLength) }
        let tokens = benchmarkTokens(count)
        try fill(depth, of: tokens)

        var (prefillRates, decodeRates) = ([Double](), [Double]())
        var (prefillLimits, decodeLimits) = ([MachineLimits](), [MachineLimits]())
        let machine = MachineBenchmark(compute)
        var limits = machine.measure()
        func limitsAroundRepetition() -> MachineLimits {
            let before = limits
            limits = machine.measure()
            return MachineLimits.mean(before, limits)
        }
        for _ in 0...max(1, workload.repetitions) {
            if prefill > 0 {
                prefillRates.append(
                    try rate(prefill, after: depth) { () throws(EngineError) in
                        try self.prefill(Array(tokens[..<(depth + prefill)]))
                        _ = try self.lastLogits()
                    })
                prefillLimits.append(limitsAroundRepetition())
            }
            if decode > 0 {
                decodeRates.append(
                    try rate(decode, after: depth) { () throws(EngineError) in
                        for position in depth..<depth + decode {
                            try self.advance(tokens[position...position])
                            _ = try self.lastLogits()
                        }
                    })
                decodeLimits.append(limitsAroundRepetition())
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
                    $0 + cost.weightBytes + runner.stateBytesRead(at: $1)
                }, limits: decodeLimits.map(\.readBandwidth)),
            machine: MachineLimits(
                readBandwidth: all.map(\.readBandwidth).median, int8Peak: all.map(\.int8Peak).median))
    }

    /// Arbitrary, different tokens: speed does not depend on which.
    private func benchmarkTokens(_ count: Int) -> [Int32] {
        let vocabulary = model.summary.vocabularyCount
        return (0..<count).map { Int32(truncatingIfNeeded: ($0 &* 7919 &+ 17) % vocabulary) }
    }

    private func fill(_ depth: Int, of tokens: [Int32]) throws(EngineError) {
        cached = []
        if depth > 0 { try prefill(Array(tokens[..<depth])) }
    }

    /// Tokens per second of `body`, which processes `count` tokens after the first `depth` in the cache.
    private func rate(
        _ count: Int, after depth: Int, _ body: () throws(EngineError) -> Void
    ) throws(EngineError) -> Double {
        cached.removeSubrange(depth...)
        let start = ContinuousClock.now
        try body()
        return Double(count) / (ContinuousClock.now - start).seconds
    }

    /// - Parameters:
    ///   - rates: the first is from the warm-up, and so is the first of `limits`.
    ///   - cost: for all tokens together.
    private func speed(_ tokens: Int, _ rates: [Double], cost: Int, limits: [Double]) -> Benchmark.Speed? {
        guard tokens > 0 else { return nil }
        return Benchmark.Speed(
            tokens: tokens, rates: Array(rates.dropFirst()), costPerToken: Double(cost) / Double(tokens),
            limits: Array(limits.dropFirst()))
    }
}

extension [Double] {
    /// The middle value, or the mean of the two middle values; 0 if empty.
    var median: Double {
        guard !isEmpty else { return 0 }
        let sorted = sorted()
        return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
    }
}
