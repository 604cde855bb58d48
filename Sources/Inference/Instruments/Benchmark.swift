/// How fast a model runs on this machine.
public struct Benchmark: Sendable, Equatable {
    public var prefill: Speed?
    public var decode: Speed?

    /// Tokens per second over several repetitions.
    public struct Speed: Sendable, Equatable {
        public var tokens: Int
        public var median: Double
        public var min: Double
        public var max: Double

        init(tokens: Int, rates: [Double]) {
            let sorted = rates.sorted()
            self.tokens = tokens
            let middle = sorted.count / 2
            median =
                sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
            min = sorted[0]
            max = sorted[sorted.count - 1]
        }
    }
}

extension Engine {
    /// Measures reading a prompt and writing tokens one by one, each from an empty cache, after one warm-up of each.
    ///
    /// - Parameters:
    ///   - prefill: prompt tokens; 0 measures none.
    ///   - decode: tokens to write; 0 measures none.
    ///   - repetitions: at least 1.
    public func benchmark(prefill: Int, decode: Int, repetitions: Int) throws(EngineError) -> Benchmark {
        Benchmark(
            prefill: try speed(prefill, repetitions) { (tokens) throws(EngineError) in
                try self.prefill(tokens)
                _ = try self.lastLogits()
            },
            decode: try speed(decode, repetitions) { (tokens) throws(EngineError) in
                for token in tokens {
                    try self.advance([token], isCancelled: { Task.isCancelled })
                    _ = try self.lastLogits()
                }
            })
    }

    private func speed(
        _ count: Int, _ repetitions: Int, _ body: ([Int32]) throws(EngineError) -> Void
    ) throws(EngineError) -> Benchmark.Speed? {
        guard count > 0 else { return nil }
        // Any tokens do, as long as they differ: speed does not depend on which.
        let vocabulary = model.summary.vocabularyCount
        let tokens = (0..<count).map { Int32(truncatingIfNeeded: ($0 &* 7919 &+ 17) % vocabulary) }
        try check(tokens)
        var rates: [Double] = []
        for _ in 0...max(1, repetitions) {
            cached = []
            let start = ContinuousClock.now
            try body(tokens)
            rates.append(Double(count) / (ContinuousClock.now - start).seconds)
        }
        return Benchmark.Speed(tokens: count, rates: Array(rates.dropFirst()))
    }
}
