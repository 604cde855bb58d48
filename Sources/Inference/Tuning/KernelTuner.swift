import CKernels
import GGUF

/// Chooses by measurement among kernel variants that give the same results.
public struct KernelTuner {
    public struct Result: Sendable {
        /// Bytes of weights per second with each candidate: the median of several runs.
        public var rates: [(prefetch: WeightPrefetch, bytesPerSecond: Double)]

        /// The fastest, but the standard one unless another is clearly faster: differences of a few percent are noise.
        public var best: WeightPrefetch {
            guard let standard = rates.first, let fastest = rates.max(by: { $0.bytesPerSecond < $1.bytesPerSecond })
            else { return .standard }
            return fastest.bytesPerSecond > standard.bytesPerSecond * KernelTuner.margin
                ? fastest.prefetch : standard.prefetch
        }
    }

    /// How many times each candidate is measured, in turn, so that a slower moment of the machine affects all of them.
    public var rounds: Int
    /// Weights in memory: more than caches hold, for each round a different part.
    var memoryBytes = min(256 << 20, Machine.physicalMemory / 16)

    fileprivate static let margin = 1.04
    private static let format = TensorType.all.first { $0.name == "Q4_K" }
    /// The bytes of one measurement.
    private static let partBytes = 24 << 20

    /// - Parameter rounds: three take about a quarter of a second on two cores.
    public init(rounds: Int = 3) { self.rounds = max(1, rounds) }

    /// Measures the product of one token with weights in memory. Blocks the calling thread, which computes.
    public func measure(instructionSet: InstructionSet, threads: Int) throws(EngineError) -> Result {
        let candidates = WeightPrefetch.candidates
        let compute = try Compute(threads: threads, instructionSet: instructionSet)
        let memory = FloatBuffer(count: memoryBytes / MemoryLayout<Float>.stride)
        guard let format = Self.format,
            let weights = RepeatedWeights(format, columns: KernelBenchmark.columns, filling: memory)
        else { return Result(rates: []) }
        let rows = min(Self.partBytes / weights.rowBytes, weights.rows)
        let input = FloatBuffer(count: KernelBenchmark.columns)
        RandomWeights(seed: 2, mean: 0).fill(
            UnsafeMutableBufferPointer(start: input.base, count: input.count), from: 0)
        let output = FloatBuffer(count: rows)

        var rates = candidates.map { _ in [Double]() }
        var first = 0
        // The first round warms up.
        for round in 0...rounds {
            for (index, candidate) in candidates.enumerated() {
                compute.prefetch = candidate
                let projection = sotto_projection(
                    weights: weights.matrix(first: first, rows: rows), bias: nil, out: output.base,
                    out_stride: Int64(rows))
                let start = ContinuousClock.now
                guard
                    sotto_project(
                        compute.handle, input.base, Int64(KernelBenchmark.columns), 1, [projection], 1)
                else { throw .scratchUnavailable }
                let seconds = (ContinuousClock.now - start).seconds
                if round > 0 { rates[index].append(Double(rows * weights.rowBytes) / seconds) }
                first = first + 2 * rows <= weights.rows ? first + rows : 0
            }
        }
        return Result(rates: zip(candidates, rates).map { ($0, $1.median) })
    }
}
