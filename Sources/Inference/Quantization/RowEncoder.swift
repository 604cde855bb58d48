import CKernels
import Dispatch
import Synchronization

/// Encodes rows of floats as a tensor's bytes, with several threads.
struct RowEncoder {
    let type: QuantizedType
    let threads: Int
    /// Any that is available: they all write the same bytes.
    var instructionSet = InstructionSet.best
    var importance: RowImportance?

    /// Bytes that are encoded at once, so that a tensor need not fit in memory.
    private static let pieceBytes = 64 << 20

    /// Encodes `rows` rows of `cols` floats each, and calls `put` with their blocks in order.
    ///
    /// - Parameter fill: writes the floats of a row. Called by several threads at once.
    /// - Returns: false if a value does not fit the format: NaN, infinite or too large.
    @discardableResult
    func encode(
        rows: Int, cols: Int, _ put: ([UInt8]) throws -> Void,
        fill: @Sendable (_ row: Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) throws -> Bool {
        let count = max(1, Self.pieceBytes / max(1, rowBytes(cols)))
        for first in stride(from: 0, to: rows, by: count) {
            guard let bytes = encode(first..<min(first + count, rows), cols: cols, fill: fill) else { return false }
            try put(bytes)
        }
        return true
    }

    /// The blocks of some rows; nil if a value does not fit the format.
    func encode(
        _ rows: Range<Int>, cols: Int, fill: @Sendable (_ row: Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) -> [UInt8]? {
        let fits = Atomic(true)
        let isa = instructionSet.kernel
        let rowBytes = rowBytes(cols)
        let size = rows.count * rowBytes
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            // The workers write to ranges of rows that do not overlap, and the buffer outlives them.
            nonisolated(unsafe) let out = UnsafeMutableRawPointer(buffer.baseAddress)
            DispatchQueue.concurrentPerform(iterations: threads) { worker in
                guard let out else { return }
                let row = UnsafeMutableBufferPointer<Float>.allocate(capacity: cols)
                defer { row.deallocate() }
                for index in rows.count * worker / threads..<rows.count * (worker + 1) / threads {
                    guard fits.load(ordering: .relaxed) else { return }
                    fill(rows.lowerBound + index, row)
                    let isEncoded = withImportance(ofRow: rows.lowerBound + index) { importance in
                        sotto_quantize(type.format, isa, row.baseAddress, importance, out + index * rowBytes, cols)
                    }
                    if !isEncoded { fits.store(false, ordering: .relaxed) }
                }
            }
            count = size
        }
        return fits.load(ordering: .relaxed) ? bytes : nil
    }

    private func withImportance(ofRow row: Int, _ body: (UnsafePointer<Float>?) -> Bool) -> Bool {
        guard let importance else { return body(nil) }
        return importance.columns(ofRow: row).withUnsafeBufferPointer { body($0.baseAddress) }
    }

    private func rowBytes(_ cols: Int) -> Int { cols / type.blockElements * type.blockBytes }
}

/// How much errors in the columns of a tensor count.
struct RowImportance {
    /// [matrices][columns], finite and not negative
    let values: [Float]
    let cols: Int
    /// Of each matrix.
    let rows: Int

    func columns(ofRow row: Int) -> ArraySlice<Float> { values[row / rows * cols..<(row / rows + 1) * cols] }
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
