import Files

/// Reads little-endian values from a mapped file, checking that each is inside the file.
///
/// Every read names its field, so that errors say what was being read and where.
struct ByteCursor {
    let file: MappedFile
    /// The next byte to read, counted from the start of the file.
    private(set) var position: Int

    init(_ file: MappedFile, at position: Int = 0) {
        self.file = file
        self.position = position
    }

    var remaining: Int { file.bytes.count - position }

    /// Moves past `count` bytes.
    mutating func skip(_ count: UInt64, _ field: String) throws(GGUFError) {
        guard count <= UInt64(remaining) else {
            throw GGUFError(.truncated(missing: count - UInt64(remaining)), field: field, offset: position)
        }
        position += Int(count)
    }

    mutating func integer<T: FixedWidthInteger>(_: T.Type, _ field: String) throws(GGUFError) -> T {
        let start = position
        try skip(UInt64(MemoryLayout<T>.size), field)
        return T(littleEndian: file.bytes.loadUnaligned(fromByteOffset: start, as: T.self))
    }

    mutating func bool(_ field: String) throws(GGUFError) -> Bool {
        let start = position
        let byte = try integer(UInt8.self, field)
        guard byte <= 1 else { throw GGUFError(.invalidBool(byte), field: field, offset: start) }
        return byte == 1
    }

    /// A string's bytes: a 64-bit length, then the bytes themselves.
    mutating func stringBytes(_ field: String, most: Int = .max) throws(GGUFError) -> UnsafeRawBufferPointer {
        let start = position
        let length = try integer(UInt64.self, field)
        guard length <= UInt64(most) else {
            throw GGUFError(.tooLong(length, most: UInt64(most)), field: field, offset: start)
        }
        let first = position
        try skip(length, field)
        return UnsafeRawBufferPointer(rebasing: file.bytes[first..<position])
    }

    /// A name, which must be valid UTF-8.
    mutating func name(_ field: String, most: Int) throws(GGUFError) -> String {
        let start = position
        let bytes = try stringBytes(field, most: most)
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw GGUFError(.invalidUTF8, field: field, offset: start)
        }
        return name
    }

    /// A count of items of at least `size` bytes each: never more than fit in the rest of the file.
    mutating func count(ofSize size: Int, _ field: String) throws(GGUFError) -> Int {
        let start = position
        let count = try integer(UInt64.self, field)
        let most = UInt64(remaining / size)
        guard count <= most else { throw GGUFError(.countTooLarge(count, most: most), field: field, offset: start) }
        return Int(count)
    }
}
