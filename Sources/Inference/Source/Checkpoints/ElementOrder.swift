import GGUF

/// Where an element of a tensor in the engine's order comes from, for those that checkpoints have in another one.
enum ElementOrder: Sendable {
    /// Rows and columns are exchanged, in each of several matrices.
    case transposed
    /// Elements take turns in two halves that the result has one after the other.
    case pairs
    /// Both: exchanged, then the rows of the result are those with even numbers before the others.
    case transposedPairs
    /// The rows of each matrix take turns in two halves that the result has one after the other.
    case rowPairs
}

extension DerivedTensor {
    convenience init(_ source: TensorView, _ order: ElementOrder) {
        var dimensions = source.dimensions
        if dimensions.count > 1, order == .transposed || order == .transposedPairs { dimensions.swapAt(0, 1) }
        self.init(source.name, source.type, dimensions, from: [source]) { target in
            if order == .rowPairs {
                target.fillRows(of: source)
            } else {
                switch source.type.blockBytes {
                case 1: target.fill(from: source, order, UInt8.self)
                case 2: target.fill(from: source, order, UInt16.self)
                case 4: target.fill(from: source, order, UInt32.self)
                default: target.fill(from: source, order, UInt64.self)
                }
            }
        }
    }
}

/// The place of an element or row whose pairs are taken apart.
private func apart(_ index: Int, of count: Int) -> Int { index / 2 + (index % 2 == 0 ? 0 : count / 2) }

extension UnsafeMutableRawBufferPointer {
    fileprivate func fill<Element: FixedWidthInteger>(
        from source: TensorView, _ order: ElementOrder, _: Element.Type
    ) {
        let size = MemoryLayout<Element>.size
        let bytes = source.bytes
        let out = bindMemory(to: Element.self)
        func element(_ index: Int) -> Element { bytes.loadUnaligned(fromByteOffset: index * size, as: Element.self) }
        let (cols, rows) = (source.dimensions[0], source.dimensions.dropFirst().first ?? 1)
        guard order != .pairs else {
            for index in out.indices { out[index / cols * cols + apart(index % cols, of: cols)] = element(index) }
            return
        }
        // The file's columns are the result's rows.
        for matrix in 0..<source.elementCount / Swift.max(1, rows * cols) {
            let start = matrix * rows * cols
            for col in 0..<cols {
                let place = start + (order == .transposed ? col : apart(col, of: cols)) * rows
                for row in 0..<rows { out[place + row] = element(start + row * cols + col) }
            }
        }
    }

    /// Whole rows, of any type.
    fileprivate func fillRows(of source: TensorView) {
        let (cols, rows) = (source.dimensions[0], source.dimensions.dropFirst().first ?? 1)
        let rowBytes = cols / Swift.max(1, source.type.blockElements) * source.type.blockBytes
        // What has to be made itself is not kept.
        let made: UnsafeMutableRawBufferPointer?
        let bytes: UnsafeRawBufferPointer
        if case .derived(let tensor) = source.content {
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
            tensor.make(in: memory)
            (made, bytes) = (memory, UnsafeRawBufferPointer(memory))
        } else {
            (made, bytes) = (nil, source.bytes)
        }
        defer { made?.deallocate() }
        for row in 0..<count / Swift.max(1, rowBytes) {
            let place = row / rows * rows + apart(row % rows, of: rows)
            UnsafeMutableRawBufferPointer(rebasing: self[place * rowBytes..<(place + 1) * rowBytes])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[row * rowBytes..<(row + 1) * rowBytes]))
        }
    }
}
