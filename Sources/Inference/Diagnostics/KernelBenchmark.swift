import CKernels
import GGUF

/// Measures matrix products on their own: how fast each format is on each instruction set, and what limits it.
///
/// All matrices have 2,048 columns and random weights. Activations are quantized as in a model, once for as many rows as
/// a typical model has.
public struct KernelBenchmark: Sendable {
    public var formats: [TensorType]
    public var instructionSets: [InstructionSet]
    /// Numbers of threads, each measured on its own.
    public var threads: [Int]
    var effort = Effort()

    /// How much is measured.
    struct Effort: Sendable {
        /// Far more than most processors' caches, but no machine should run out of memory for this.
        var memoryBytes = min(512 << 20, Machine.memory / 8)
        /// The rows that one call multiplies.
        var rowsPerThread = 2048
        /// The fastest of several runs counts: the others were disturbed. A run lasts at least this long.
        var run = Duration.milliseconds(4)
        /// All runs together last at least this long.
        var total = Duration.milliseconds(32)
    }

    /// Tokens of a pass: one while decoding, a few to verify a draft, a panel of a prompt.
    public static let tokenCounts = [1, 4, panelTokens]
    public static let panelTokens = 256
    public static let columns = 2048

    /// Every format that has kernels, except F64 and integers, which are rare in files.
    public static let allFormats = (0..<sotto_format_count()).compactMap { index -> TensorType? in
        guard let type = sotto_format_at(index).flatMap({ TensorType.find($0.pointee.id) }) else { return nil }
        let isUsual = type.blockElements > 1 || EncodedType(rawValue: type.id) != nil
        return isUsual ? type : nil
    }

    /// One thread, and as many as an engine uses by default.
    public static var standardThreads: [Int] {
        let usable = UsableCores.current.count
        return usable > 1 ? [1, usable] : [1]
    }

    /// By default everything that this processor can do.
    public init(
        formats: [TensorType] = allFormats, instructionSets: [InstructionSet] = InstructionSet.available,
        threads: [Int] = standardThreads
    ) {
        self.formats = formats
        self.instructionSets = instructionSets
        self.threads = threads
    }

    /// Takes about a minute for everything on two cores. Blocks the calling thread, which computes.
    ///
    /// - Parameter progress: called with what is measured next.
    public func run(progress: (String) -> Void = { _ in }) throws(EngineError) -> KernelSpeeds {
        let timers = try timers()
        let memory = FloatBuffer(count: effort.memoryBytes / MemoryLayout<Float>.stride)
        var speeds = KernelSpeeds()
        progress("Measuring the limits …")
        speeds.limits = timers.map { $0.limit(memory) }
        for (index, format) in formats.enumerated() {
            progress("Measuring \(format) (\(index + 1) of \(formats.count)) …")
            // A format without kernels has no rows.
            guard let weights = RepeatedWeights(format, columns: Self.columns, filling: memory) else { continue }
            for timer in timers {
                for tokens in Self.tokenCounts {
                    for fromMemory in [false, true] {
                        speeds.rows.append(try timer.measure(weights, tokens: tokens, fromMemory: fromMemory))
                    }
                }
            }
        }
        // Shared machines change their speed within seconds, and kernels were measured at their best.
        progress("Measuring the limits again …")
        for (index, timer) in timers.enumerated() {
            speeds.limits[index].machine = .best(speeds.limits[index].machine, timer.limit(memory).machine)
        }
        return speeds
    }

    private func timers() throws(EngineError) -> [ProductTimer] {
        // These check the numbers of threads, which the size of the buffers depends on.
        var pools: [(set: InstructionSet, threads: Int, compute: Compute)] = []
        for set in instructionSets {
            for count in threads { pools.append((set, count, try Compute(threads: count, instructionSet: set))) }
        }
        let buffers = ProductTimer.Buffers(mostRows: effort.rowsPerThread * (threads.max() ?? 0))
        return pools.map { ProductTimer($0.compute, threads: $0.threads, $0.set, effort, buffers) }
    }
}
