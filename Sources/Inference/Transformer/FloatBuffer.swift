#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Zero-initialised memory for floats at a fixed address, aligned for the widest vector registers.
///
/// The kernels take pointers; this class owns the memory that they point to.
final class FloatBuffer {
    let base: UnsafeMutablePointer<Float>
    let count: Int
    var byteCount: Int { count * MemoryLayout<Float>.stride }

    /// The size of a large page on x86-64 and of the usual one on arm64.
    private static let largePage = 2 << 20

    init(count: Int) {
        self.count = count
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let isLarge = bytes >= Self.largePage
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? Self.largePage : 64)
        #if os(Linux)
            // Linux gives out large pages only to those who ask. With small ones, a virtual machine looks up the
            // addresses of two tables for every 4 KiB that it reads.
            if isLarge { madvise(raw, bytes, MADV_HUGEPAGE) }
        #endif
        base = raw.initializeMemory(as: Float.self, repeating: 0, count: max(count, 1))
    }

    deinit { base.deallocate() }
}
