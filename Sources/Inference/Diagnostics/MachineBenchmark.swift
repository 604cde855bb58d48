import CKernels

/// The limits of the machine, for a number of threads.
public struct MachineLimits: Sendable, Equatable {
    /// Bytes per second read from memory.
    public var readBandwidth: Double
    /// 8-bit multiply-adds per second.
    public var int8Peak: Double

    static func best(_ a: MachineLimits, _ b: MachineLimits) -> MachineLimits {
        MachineLimits(
            readBandwidth: max(a.readBandwidth, b.readBandwidth), int8Peak: max(a.int8Peak, b.int8Peak))
    }

    static func mean(_ a: MachineLimits, _ b: MachineLimits) -> MachineLimits {
        MachineLimits(
            readBandwidth: (a.readBandwidth + b.readBandwidth) / 2, int8Peak: (a.int8Peak + b.int8Peak) / 2)
    }
}

/// Measures the machine's limits, reusing its memory between measurements.
final class MachineBenchmark {
    private let compute: Compute
    private let memory: FloatBuffer

    /// Uses far more memory than processor caches hold: a gigabyte, or an eighth of physical memory.
    init(_ compute: Compute) {
        self.compute = compute
        memory = FloatBuffer(count: min(1 << 30, Machine.memory / 8) / MemoryLayout<Float>.stride)
    }

    /// Takes about 0.4 seconds.
    func measure() -> MachineLimits {
        MachineLimits(
            readBandwidth: sotto_measure_read_bandwidth(
                compute.handle, memory.base, memory.byteCount),
            int8Peak: sotto_measure_int8_peak(compute.handle))
    }
}
