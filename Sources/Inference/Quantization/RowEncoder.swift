import CKernels
import Dispatch
import Synchronization

/// Encodes rows of floats as a tensor's bytes, with several threads.
struct RowEncoder {
    let type: QuantizedType
    let threads: Int
    /// Any that is available: they all write the same bytes.
    var instructionSet = InstructionSet.best

    /// The blocks of `rows` rows of `cols` floats each; `fill` writes the floats of a row. Nil if a value does not fit
    /// the format: NaN, infinite or too large.
    func encode(
        rows: Int, cols: Int, fill: @Sendable (_ row: Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) -> [UInt8]? {
        let rowBytes = cols / type.blockElements * type.blockBytes
        let fits = Atomic(true)
        let isa = instructionSet.kernel
        let bytes = [UInt8](unsafeUninitializedCapacity: rows * rowBytes) { buffer, count in
            // The workers write to ranges of rows that do not overlap, and the buffer outlives them.
            nonisolated(unsafe) let out = UnsafeMutableRawPointer(buffer.baseAddress)
            DispatchQueue.concurrentPerform(iterations: threads) { worker in
                guard let out else { return }
                let row = UnsafeMutableBufferPointer<Float>.allocate(capacity: cols)
                defer { row.deallocate() }
                for index in rows * worker / threads..<rows * (worker + 1) / threads {
                    guard fits.load(ordering: .relaxed) else { return }
                    fill(index, row)
                    if !sotto_quantize(type.format, isa, row.baseAddress, out + index * rowBytes, cols) {
                        fits.store(false, ordering: .relaxed)
                    }
                }
            }
            count = rows * rowBytes
        }
        return fits.load(ordering: .relaxed) ? bytes : nil
    }
}

/// A tensor type with kernels: it can be converted from and to floats.
///
/// `@unchecked Sendable`: the pointer refers to a row of a constant table.
struct QuantizedType: @unchecked Sendable {
    let format: UnsafePointer<sotto_format>

    /// Nil if there are no kernels for a ggml type id.
    init?(id: UInt32) {
        guard let format = sotto_format_find(id) else { return nil }
        self.format = format
    }

    var blockElements: Int { Int(format.pointee.block_elements) }
    var blockBytes: Int { Int(format.pointee.block_bytes) }

    func dequantize(_ blocks: UnsafeRawPointer, to floats: UnsafeMutableBufferPointer<Float>) {
        format.pointee.dequantize(blocks, floats.baseAddress, floats.count)
    }
}
