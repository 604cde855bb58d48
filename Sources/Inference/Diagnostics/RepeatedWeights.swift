import CKernels
import GGUF

/// Memory full of encoded weights: a few random rows, repeated. Speed does not depend on the values, as long as they are
/// not special, and encoding as much would take minutes.
struct RepeatedWeights {
    let type: TensorType
    let rowBytes: Int
    /// The number of rows that fit into the memory.
    let rows: Int
    private let format: QuantizedType
    private let columns: Int
    private let memory: FloatBuffer

    private static let distinctRows = 48

    /// Nil if the format has no kernels.
    init?(_ type: TensorType, columns: Int, filling memory: FloatBuffer) {
        guard let format = QuantizedType(id: type.id) else { return nil }
        let encoded = Self.encoded(format, columns: columns)
        self.type = type
        self.format = format
        self.columns = columns
        self.memory = memory
        rowBytes = columns / format.blockElements * format.blockBytes
        rows = memory.byteCount / rowBytes

        var rest = UnsafeMutableRawBufferPointer(start: memory.base, count: memory.byteCount)[...]
        while !rest.isEmpty {
            let count = min(encoded.count, rest.count)
            UnsafeMutableRawBufferPointer(rebasing: rest).copyBytes(from: encoded[..<count])
            rest = rest.dropFirst(count)
        }
    }

    private static func encoded(_ format: QuantizedType, columns: Int) -> [UInt8] {
        let random = RandomWeights(seed: 1, mean: 0)
        let rows = RowEncoder(type: format, threads: 1).encode(
            0..<distinctRows, cols: columns, fill: { row, floats in random.fill(floats, from: row * columns) })
        if let rows { return rows }
        var blocks = RandomBlocks(format)
        return blocks.blocks(distinctRows * columns / format.blockElements)
    }

    /// A matrix of some of the rows.
    func matrix(first: Int, rows count: Int) -> sotto_matrix {
        sotto_matrix(
            format: format.format, data: UnsafeRawPointer(memory.base) + first * rowBytes, rows: Int64(count),
            cols: Int64(columns))
    }
}
