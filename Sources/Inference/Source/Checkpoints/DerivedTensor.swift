import GGUF
import Synchronization

/// A tensor that is not used as it lies in its file: its elements in another order, or numbers that are computed. It is
/// made when it is first read, and lives as long as its source.
///
/// `@unchecked Sendable`: the memory is written once, under the lock, and only read afterwards.
package final class DerivedTensor: @unchecked Sendable {
    /// Where an element of the result comes from.
    enum Order {
        /// Rows and columns are exchanged, in each of several matrices.
        case transposed
        /// Elements take turns in two halves that the result has one after the other.
        case pairs
        /// Both: exchanged, then the rows of the result are those with even numbers before the others.
        case transposedPairs
    }

    private let source: TensorView?
    private let order: Order
    private let byteCount: Int
    private let memory = Mutex<UnsafeMutableRawBufferPointer?>(nil)
    private let dimensions: [Int]
    private let type: TensorType
    private let name: String

    init(_ source: TensorView, _ order: Order) {
        (self.source, self.order, name, type) = (source, order, source.name, source.type)
        byteCount = source.byteCount
        dimensions =
            order == .pairs || source.dimensions.count < 2
            ? source.dimensions : [source.dimensions[1], source.dimensions[0]] + source.dimensions.dropFirst(2)
    }

    init(_ values: [Float], name: String) {
        (source, order, self.name, type, dimensions) = (nil, .transposed, name, .named("F32"), [values.count])
        byteCount = values.count * 4
        memory.withLock { memory in
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
            values.withUnsafeBytes { buffer.copyMemory(from: $0) }
            memory = buffer
        }
    }

    deinit { memory.withLock { $0?.deallocate() } }

    var view: TensorView {
        TensorView(
            name: name, dimensions: dimensions, type: type, elementCount: dimensions.reduce(1, *),
            content: .derived(self))
    }

    /// What it is made from.
    var origin: UnsafeRawBufferPointer { source?.bytes ?? bytes }

    /// Made at the first call.
    var bytes: UnsafeRawBufferPointer {
        memory.withLock { memory in
            if let memory { return UnsafeRawBufferPointer(memory) }
            let made = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
            if let source { fill(made, from: source) }
            memory = made
            return UnsafeRawBufferPointer(made)
        }
    }

    private func fill(_ target: UnsafeMutableRawBufferPointer, from source: TensorView) {
        switch type.blockBytes {
        case 1: fill(target, from: source, UInt8.self)
        case 2: fill(target, from: source, UInt16.self)
        case 4: fill(target, from: source, UInt32.self)
        default: fill(target, from: source, UInt64.self)
        }
    }

    private func fill<Element: FixedWidthInteger>(
        _ target: UnsafeMutableRawBufferPointer, from source: TensorView, _: Element.Type
    ) {
        let size = MemoryLayout<Element>.size
        let bytes = source.bytes
        let out = target.bindMemory(to: Element.self)
        func element(_ index: Int) -> Element { bytes.loadUnaligned(fromByteOffset: index * size, as: Element.self) }
        /// The place of a row whose pairs are taken apart.
        func apart(_ row: Int, of rows: Int) -> Int { row / 2 + (row % 2 == 0 ? 0 : rows / 2) }
        let (cols, rows) = (source.dimensions[0], source.dimensions.dropFirst().first ?? 1)
        switch order {
        case .pairs:
            for index in out.indices { out[index / cols * cols + apart(index % cols, of: cols)] = element(index) }
        case .transposed, .transposedPairs:
            // The file's columns are the result's rows.
            for matrix in 0..<source.elementCount / max(1, rows * cols) {
                let start = matrix * rows * cols
                for col in 0..<cols {
                    let place = start + (order == .transposed ? col : apart(col, of: cols)) * rows
                    for row in 0..<rows { out[place + row] = element(start + row * cols + col) }
                }
            }
        }
    }
}
