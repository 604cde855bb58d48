import Files

/// A metadata array. Its elements are validated when the file is opened, but stay in the mapped file until they are read.
public struct GGUFArray: Sendable {
    public let elementType: GGUFValueType
    public let count: Int
    /// Keeps the mapping alive.
    private let file: MappedFile
    /// The elements' bytes in the file.
    private let range: Range<Int>

    init(elementType: GGUFValueType, count: Int, file: MappedFile, range: Range<Int>) {
        self.elementType = elementType
        self.count = count
        self.file = file
        self.range = range
    }

    /// The elements as stored in the file; valid as long as this value exists.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: file.bytes[range]) }

    /// The elements of an array of any integer type; nil for other types and for numbers that do not fit in `Int`.
    public func ints() -> [Int]? {
        switch elementType {
        case .uint8: integers(UInt8.self)
        case .int8: integers(Int8.self)
        case .uint16: integers(UInt16.self)
        case .int16: integers(Int16.self)
        case .uint32: integers(UInt32.self)
        case .int32: integers(Int32.self)
        case .uint64: integers(UInt64.self)
        case .int64: integers(Int64.self)
        case .float32, .float64, .bool, .string, .array: nil
        }
    }

    /// The elements of an array of any numeric type, or nil. 64-bit numbers are rounded.
    public func floats() -> [Float]? {
        switch elementType {
        case .float32: (0..<count).map { Float(bitPattern: stored(UInt32.self, $0)) }
        case .float64: (0..<count).map { Float(Double(bitPattern: stored(UInt64.self, $0))) }
        default: ints()?.map(Float.init)
        }
    }

    public func bools() -> [Bool]? {
        guard elementType == .bool else { return nil }
        return (0..<count).map { stored(UInt8.self, $0) != 0 }
    }

    /// Copies of all strings, or nil. `forEachString` visits them without copying.
    public func strings() -> [String]? {
        guard elementType == .string else { return nil }
        var strings: [String] = []
        strings.reserveCapacity(count)
        forEachString { strings.append(String(decoding: $0, as: UTF8.self)) }
        return strings
    }

    /// Calls `body` with the bytes of each string in order; not at all if the elements are not strings.
    /// The bytes are part of the mapping and valid during the call.
    public func forEachString(_ body: (UnsafeRawBufferPointer) -> Void) {
        guard elementType == .string else { return }
        var position = range.lowerBound
        for _ in 0..<count {
            let length = Int(UInt64(littleEndian: file.bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
            position += 8
            body(UnsafeRawBufferPointer(rebasing: file.bytes[position..<position + length]))
            position += length
        }
    }

    /// Up to `limit` elements from the start, of any type.
    public func prefix(_ limit: Int) -> [GGUFValue] {
        var cursor = ByteCursor(file, at: range.lowerBound)
        var values: [GGUFValue] = []
        while values.count < min(limit, count), let value = try? cursor.value(elementType, "") { values.append(value) }
        return values
    }

    private func integers<T: FixedWidthInteger>(_: T.Type) -> [Int]? {
        var integers: [Int] = []
        integers.reserveCapacity(count)
        for index in 0..<count {
            guard let integer = Int(exactly: stored(T.self, index)) else { return nil }
            integers.append(integer)
        }
        return integers
    }

    private func stored<T: FixedWidthInteger>(_: T.Type, _ index: Int) -> T {
        let offset = range.lowerBound + index * MemoryLayout<T>.size
        return T(littleEndian: file.bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }
}

extension ByteCursor {
    /// The maximum nesting of arrays; no known file nests them at all.
    private static var deepestArray: Int { 4 }

    /// Reads an array's header and checks its elements, so that all later accesses are inside the file.
    mutating func array(_ field: String, depth: Int) throws(GGUFError) -> GGUFArray {
        guard depth <= Self.deepestArray else {
            throw GGUFError(.nestedTooDeep(most: Self.deepestArray), field: field, offset: position)
        }
        let elementType = try valueType(field)
        let count = try count(ofSize: elementType.leastBytes, field)
        let start = position
        switch elementType {
        case .string: for _ in 0..<count { _ = try stringBytes(field) }
        case .array: for _ in 0..<count { _ = try self.array(field, depth: depth + 1) }
        case .bool: for _ in 0..<count { _ = try bool(field) }
        default: try skip(UInt64(count * elementType.leastBytes), field)
        }
        return GGUFArray(elementType: elementType, count: count, file: file, range: start..<position)
    }
}
