#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes a GGUF file (version 3, little-endian). First all metadata and tensors are declared, then the data is written.
public struct GGUFWriter {
    private let alignment: Int
    private var metadata: [UInt8] = []
    private var metadataCount: UInt64 = 0
    private var descriptions: [UInt8] = []
    private var tensorBytes: [Int] = []
    private var dataEnd = 0

    /// - Parameter alignment: of the tensor data in bytes, a power of two from 8 to 65,536.
    public init(alignment: Int = 32) {
        self.alignment = alignment
        if alignment != 32 { add("general.alignment", .uint32(UInt32(alignment))) }
    }

    // MARK: Metadata

    /// Adds a pair. An array from another file is copied unchanged.
    public mutating func add(_ key: String, _ value: GGUFValue) {
        begin(key, value.type)
        switch value {
        case .uint8(let value): metadata.append(littleEndian: value)
        case .int8(let value): metadata.append(littleEndian: value)
        case .uint16(let value): metadata.append(littleEndian: value)
        case .int16(let value): metadata.append(littleEndian: value)
        case .uint32(let value): metadata.append(littleEndian: value)
        case .int32(let value): metadata.append(littleEndian: value)
        case .float32(let value): metadata.append(littleEndian: value.bitPattern)
        case .bool(let value): metadata.append(value ? 1 : 0)
        case .string(let value): metadata.append(lengthAnd: value.utf8)
        case .array(let array):
            beginArray(array.elementType, count: array.count)
            metadata.append(contentsOf: array.bytes)
        case .uint64(let value): metadata.append(littleEndian: value)
        case .int64(let value): metadata.append(littleEndian: value)
        case .float64(let value): metadata.append(littleEndian: value.bitPattern)
        }
    }

    public mutating func add(_ key: String, strings: [String]) {
        begin(key, .array)
        beginArray(.string, count: strings.count)
        for string in strings { metadata.append(lengthAnd: string.utf8) }
    }

    public mutating func add(_ key: String, int32s: [Int32]) {
        begin(key, .array)
        beginArray(.int32, count: int32s.count)
        for int in int32s { metadata.append(littleEndian: int) }
    }

    public mutating func add(_ key: String, float32s: [Float]) {
        begin(key, .array)
        beginArray(.float32, count: float32s.count)
        for float in float32s { metadata.append(littleEndian: float.bitPattern) }
    }

    public mutating func add(_ key: String, bools: [Bool]) {
        begin(key, .array)
        beginArray(.bool, count: bools.count)
        metadata += bools.map { $0 ? 1 : 0 }
    }

    // MARK: Tensors

    /// Declares a tensor. `dimensions` are in ggml's order; the first must be a whole number of the type's blocks.
    public mutating func addTensor(_ name: String, dimensions: [Int], type: TensorType) {
        descriptions.append(lengthAnd: name.utf8)
        descriptions.append(littleEndian: UInt32(dimensions.count))
        for dimension in dimensions { descriptions.append(littleEndian: UInt64(dimension)) }
        descriptions.append(littleEndian: type.id)
        let start = aligned(dataEnd)
        descriptions.append(littleEndian: UInt64(start))
        let byteCount = dimensions.reduce(1, *) / type.blockElements * type.blockBytes
        tensorBytes.append(byteCount)
        dataEnd = start + byteCount
    }

    /// Writes a new file: its name must be free, so that nothing is overwritten and no link is followed. `data` returns
    /// the bytes of each declared tensor, exactly as many as its size. An incomplete file is removed.
    public func write(to path: String, data: (_ tensor: Int) throws -> [UInt8] = { _ in [] }) throws {
        try write(to: path) { tensor, put in try put(try data(tensor)) }
    }

    /// The same for tensors that need not fit in memory: `pieces` is called for one tensor at a time and calls `put` with
    /// its bytes, in order.
    public func write(
        to path: String, pieces: (_ tensor: Int, _ put: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        var head: [UInt8] = Array("GGUF".utf8)
        head.append(littleEndian: UInt32(3))
        head.append(littleEndian: UInt64(tensorBytes.count))
        head.append(littleEndian: metadataCount)
        head += metadata
        head += descriptions

        guard let stream = fopen(path, "wbx") else { throw Self.systemError(path) }
        // As long as it is incomplete, so that it is not mistaken for what a crash left.
        flock(fileno(stream), LOCK_EX | LOCK_NB)
        var isComplete = false
        defer { if !isComplete { remove(path) } }
        do {
            defer { fclose(stream) }
            try Self.put(head, padding: aligned(head.count) - head.count, stream, path)
            for (tensor, byteCount) in tensorBytes.enumerated() {
                var written = 0
                try pieces(tensor) { bytes in
                    written += bytes.count
                    if written <= byteCount { try Self.put(bytes, padding: 0, stream, path) }
                }
                guard written == byteCount else {
                    let problem = GGUFError.Problem.outOfRange(found: "\(written) bytes", allowed: "\(byteCount)")
                    throw GGUFError(problem, field: "data of tensor \(tensor)", offset: nil)
                }
                try Self.put([], padding: aligned(byteCount) - byteCount, stream, path)
            }
            guard fflush(stream) == 0 else { throw Self.systemError(path) }
        }
        isComplete = true
    }

    // MARK: Helpers

    private mutating func begin(_ key: String, _ type: GGUFValueType) {
        metadata.append(lengthAnd: key.utf8)
        metadata.append(littleEndian: type.rawValue)
        metadataCount += 1
    }

    private mutating func beginArray(_ elementType: GGUFValueType, count: Int) {
        metadata.append(littleEndian: elementType.rawValue)
        metadata.append(littleEndian: UInt64(count))
    }

    private func aligned(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }

    private static func put(
        _ bytes: [UInt8], padding: Int, _ stream: UnsafeMutablePointer<FILE>, _ path: String
    ) throws(GGUFError) {
        let zeros = [UInt8](repeating: 0, count: padding)
        guard fwrite(bytes, 1, bytes.count, stream) == bytes.count, fwrite(zeros, 1, padding, stream) == padding else {
            throw systemError(path)
        }
    }

    private static func systemError(_ path: String) -> GGUFError {
        var error = GGUFError(.system("cannot be written: \(String(cString: strerror(errno)))"), field: "", offset: nil)
        error.path = path
        return error
    }
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func append(lengthAnd text: String.UTF8View) {
        append(littleEndian: UInt64(text.count))
        append(contentsOf: text)
    }
}
