import CKernels

/// What the machine can do at most with the threads that were measured.
public struct MachineLimits: Sendable, Equatable {
    /// Bytes per second that are read from memory.
    public var readBandwidth: Double
    /// 8-bit multiplications with addition per second.
    public var int8Peak: Double

    static func mean(_ a: MachineLimits, _ b: MachineLimits) -> MachineLimits {
        MachineLimits(
            readBandwidth: (a.readBandwidth + b.readBandwidth) / 2, int8Peak: (a.int8Peak + b.int8Peak) / 2)
    }
}

/// Measures the machine's limits again and again, with memory that it keeps.
final class MachineBenchmark {
    private let compute: Compute
    private let memory: FloatBuffer

    /// As much memory as no processor's caches hold a notable part of: a gigabyte, or an eighth of what there is.
    init(_ compute: Compute) {
        self.compute = compute
        memory = FloatBuffer(count: min(1 << 30, Machine.physicalMemory / 8) / MemoryLayout<Float>.stride)
    }

    /// Takes about 0.4 seconds.
    func measure() -> MachineLimits {
        MachineLimits(
            readBandwidth: sotto_measure_read_bandwidth(
                compute.handle, memory.base, memory.count * MemoryLayout<Float>.stride),
            int8Peak: sotto_measure_int8_peak(compute.handle))
    }
}
