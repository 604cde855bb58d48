import CKernels
import GGUF

/// Measures matrix products with one instruction set and one number of threads.
final class ProductTimer {
    private let set: InstructionSet
    private let threads: Int
    private let compute: Compute
    private let effort: KernelBenchmark.Effort
    private let buffers: Buffers

    /// What a call reads and writes besides weights. Timers that run one after the other can share it.
    struct Buffers {
        /// [panelTokens][columns]
        let activations: FloatBuffer
        /// [panelTokens][rows of a call]
        let outputs: FloatBuffer

        /// - Parameter mostRows: of a call.
        init(mostRows: Int) {
            activations = FloatBuffer(count: KernelBenchmark.panelTokens * KernelBenchmark.columns)
            RandomWeights(seed: 2, mean: 0).fill(
                UnsafeMutableBufferPointer(start: activations.base, count: activations.count), from: 0)
            outputs = FloatBuffer(count: KernelBenchmark.panelTokens * mostRows)
        }
    }

    /// The weights that each thread reads again and again when they are measured in cache: at most this, but at least a
    /// panel of rows. Small enough for any L2 cache, even if a thread also reads some of the other threads' rows.
    private static let cacheBytes = 128 << 10
    /// A common multiple of the rows that the kernels of all paths process at once.
    private static let panelRows = 32

    init(
        _ compute: Compute, threads: Int, _ set: InstructionSet, _ effort: KernelBenchmark.Effort, _ buffers: Buffers
    ) {
        self.compute = compute
        self.threads = threads
        self.set = set
        self.effort = effort
        self.buffers = buffers
    }

    /// - Parameter memory: what is read; far larger than the caches.
    func limit(_ memory: FloatBuffer) -> KernelSpeeds.Limit {
        let bandwidth = sotto_measure_read_bandwidth(compute.handle, memory.base, memory.byteCount)
        let peak = sotto_measure_int8_peak(compute.handle)
        return KernelSpeeds.Limit(
            instructionSet: set, threads: threads, machine: MachineLimits(readBandwidth: bandwidth, int8Peak: peak))
    }

    func measure(
        _ weights: RepeatedWeights, tokens: Int, fromMemory: Bool
    ) throws(EngineError) -> KernelSpeeds.Row {
        let shapes = fromMemory ? oneMatrix(weights) : smallMatrices(weights)
        let rows = shapes.rows * shapes.count
        var first = 0
        let seconds = try secondsOfCall { () throws(EngineError) in
            try multiply(weights.matrix(first: first, rows: shapes.rows), times: shapes.count, tokens: tokens)
            guard fromMemory else { return }
            // On to the next part of the memory, so that this one leaves the caches until it is its turn again.
            first += shapes.rows
            if first + shapes.rows > weights.rows { first = 0 }
        }
        return KernelSpeeds.Row(
            format: weights.type, instructionSet: set, tokens: tokens, fromMemory: fromMemory, threads: threads,
            bytesPerSecond: Double(rows * weights.rowBytes) / seconds,
            productsPerSecond: Double(rows * KernelBenchmark.columns * tokens) / seconds)
    }

    // MARK: Shapes

    private func oneMatrix(_ weights: RepeatedWeights) -> (rows: Int, count: Int) {
        (min(effort.rowsPerThread * threads, weights.rows), 1)
    }

    /// The same small matrix several times. Several products of one call share the quantized activations, as in a model.
    private func smallMatrices(_ weights: RepeatedWeights) -> (rows: Int, count: Int) {
        let panels = max(1, Self.cacheBytes / (weights.rowBytes * Self.panelRows))
        let rows = min(panels * Self.panelRows, effort.rowsPerThread)
        return (min(rows * threads, weights.rows), effort.rowsPerThread / rows)
    }

    // MARK: Time

    private func multiply(_ matrix: sotto_matrix, times count: Int, tokens: Int) throws(EngineError) {
        let rows = Int(matrix.rows)
        // One after the other in the rows of the output.
        let projections = (0..<count).map { index in
            sotto_projection(
                weights: matrix, bias: nil, out: buffers.outputs.base + index * rows, out_stride: Int64(count * rows),
                experts: nil)
        }
        let stride = Int64(KernelBenchmark.columns)
        guard
            sotto_project(compute.handle, buffers.activations.base, stride, Int64(tokens), projections, Int32(count))
        else { throw .scratchUnavailable }
    }

    /// The duration of a call in the fastest run.
    private func secondsOfCall(_ call: () throws(EngineError) -> Void) throws(EngineError) -> Double {
        // Once for the caches and the scratch memory.
        try call()
        var best = Double.infinity
        var total = Duration.zero
        while best == .infinity || total < effort.total {
            let start = ContinuousClock.now
            var duration = Duration.zero
            var calls = 0
            repeat {
                try call()
                calls += 1
                duration = ContinuousClock.now - start
            } while duration < effort.run
            best = min(best, duration.seconds / Double(calls))
            total += duration
        }
        return best
    }
}
