/// Zero-initialised memory for floats at a fixed address, aligned for the widest vector registers.
///
/// The kernels take pointers; this class owns the memory that they point to.
final class FloatBuffer {
    let base: UnsafeMutablePointer<Float>
    let count: Int
    var byteCount: Int { count * MemoryLayout<Float>.stride }

    init(count: Int) {
        self.count = count
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
        base = raw.initializeMemory(as: Float.self, repeating: 0, count: max(count, 1))
    }

    deinit { base.deallocate() }
}
