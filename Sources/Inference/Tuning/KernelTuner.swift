import CKernels
import GGUF

/// Chooses by measurement among kernel variants that give the same results.
public struct KernelTuner {
    public struct Result: Sendable {
        /// Bytes of weights per second with each way to prefetch them, of interleaved copies if these are faster: the
        /// median of several runs.
        public var rates: [(prefetch: WeightPrefetch, bytesPerSecond: Double)]
        /// The layout of files against interleaved copies, with standard prefetching, measured in turn; nil if this
        /// instruction set has none.
        public var copies: (original: Double, interleaved: Double)?

        public var best: DecodeKernels {
            DecodeKernels(prefetch: bestPrefetch, interleaves: interleaves)
        }

        /// Copies take memory, so they have to be clearly faster.
        var interleaves: Bool { copies.map { $0.interleaved > $0.original * KernelTuner.margin } ?? false }

        /// The fastest, but the standard one unless another is clearly faster: differences of a few percent are noise.
        var bestPrefetch: WeightPrefetch {
            guard let standard = rates.first, let fastest = rates.max(by: { $0.bytesPerSecond < $1.bytesPerSecond })
            else { return .standard }
            return fastest.bytesPerSecond > standard.bytesPerSecond * KernelTuner.margin
                ? fastest.prefetch : standard.prefetch
        }
    }

    /// How many times each candidate is measured, in turn, so that a slower moment of the machine affects all of them.
    public var rounds: Int
    /// Weights in memory: more than caches hold, for each round a different part.
    var memoryBytes = min(256 << 20, Machine.memory / 16)

    fileprivate static let margin = 1.04
    private static let format = TensorType.all.first { $0.name == "Q4_K" }
    /// The bytes of one measurement.
    private static let partBytes = 24 << 20
    /// Interleaved forms have groups of as many rows.
    private static let rowGroup = 16

    /// - Parameter rounds: three take half a second on two cores.
    public init(rounds: Int = 3) { self.rounds = max(1, rounds) }

    /// Measures the product of one token with weights in memory. Blocks the calling thread, which computes.
    public func measure(instructionSet: InstructionSet, threads: Int) throws(EngineError) -> Result {
        let compute = try Compute(threads: threads, instructionSet: instructionSet)
        let memory = FloatBuffer(count: memoryBytes / MemoryLayout<Float>.stride)
        guard let format = Self.format,
            let weights = RepeatedWeights(format, columns: KernelBenchmark.columns, filling: memory)
        else { return Result(rates: []) }
        let rows = min(Self.partBytes / weights.rowBytes, weights.rows) / Self.rowGroup * Self.rowGroup
        let reader = WeightReader(compute, rows: rows)

        let original = weights.matrix(first: 0, rows: weights.rows / Self.rowGroup * Self.rowGroup)
        let copy = InterleavedCopy(of: original, compute)
        var result = Result(rates: [])
        if let copy {
            let pair = try medians([(original, .standard), (copy.matrix, .standard)], reader)
            result.copies = (pair[0], pair[1])
        }
        // In the form that decode reads: where arithmetic limits rows, they show no difference.
        let matrix = result.interleaves ? copy?.matrix ?? original : original
        let candidates = WeightPrefetch.candidates
        let rates = try withExtendedLifetime(copy) { () throws(EngineError) in
            try medians(candidates.map { (matrix, $0) }, reader)
        }
        result.rates = Array(zip(candidates, rates))
        return result
    }

    /// Bytes per second of each matrix with its prefetching, which are measured in turn.
    private func medians(
        _ candidates: [(matrix: sotto_matrix, prefetch: WeightPrefetch)], _ reader: WeightReader
    ) throws(EngineError) -> [Double] {
        var rates = candidates.map { _ in [Double]() }
        // The first round warms up.
        for round in 0...rounds {
            for (index, candidate) in candidates.enumerated() {
                let rate = try reader.read(candidate.matrix, candidate.prefetch)
                if round > 0 { rates[index].append(rate) }
            }
        }
        return rates.map(\.median)
    }
}

/// Multiplies one part of a matrix after the other, so that each has left the caches when it is read again.
private final class WeightReader {
    private let compute: Compute
    private let rows: Int
    private let input: FloatBuffer
    private let output: FloatBuffer
    private var first = 0

    init(_ compute: Compute, rows: Int) {
        self.compute = compute
        self.rows = rows
        input = FloatBuffer(count: KernelBenchmark.columns)
        RandomWeights(seed: 2, mean: 0).fill(
            UnsafeMutableBufferPointer(start: input.base, count: input.count), from: 0)
        output = FloatBuffer(count: rows)
    }

    /// Bytes per second of the product of the next rows with a vector.
    func read(_ matrix: sotto_matrix, _ prefetch: WeightPrefetch) throws(EngineError) -> Double {
        compute.prefetch = prefetch
        let rowBytes = matrix.byteCount / max(1, Int(matrix.rows))
        var part = matrix
        part.data = matrix.data + first * rowBytes
        part.rows = Int64(rows)
        first = first + 2 * rows <= Int(matrix.rows) ? first + rows : 0
        let projection = sotto_projection(
            weights: part, bias: nil, out: output.base, out_stride: Int64(rows), experts: nil)
        let start = ContinuousClock.now
        guard sotto_project(compute.handle, input.base, Int64(KernelBenchmark.columns), 1, [projection], 1)
        else { throw .scratchUnavailable }
        return Double(rows * rowBytes) / (ContinuousClock.now - start).seconds
    }
}
