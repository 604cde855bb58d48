#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory for tensors at a fixed address. It is zero at first, and the system provides a page when it is first written.
public final class TensorMemory {
    public let base: UnsafeMutableRawPointer
    public let byteCount: Int

    public init(byteCount: Int) throws(ONNXRuntimeError) {
        guard byteCount >= 0, let base = calloc(max(1, byteCount), 1) else { throw .outOfMemory(bytes: byteCount) }
        self.base = base
        self.byteCount = byteCount
    }

    deinit { free(base) }
}
