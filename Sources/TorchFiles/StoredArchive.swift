/// The entries of a ZIP archive that are stored as they are, without compression, as `torch.save` writes them.
///
/// Only the directory at the end counts, as in every reader of such files. (APPNOTE.TXT of PKWARE, 4.3 and 4.5.3)
struct StoredArchive {
    /// Where the bytes of each entry are, by name.
    private(set) var entries: [String: Range<Int>] = [:]

    struct Failure: Error {
        let problem: String
    }

    private static let entryLimit = 1_000_000

    init(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        let reader = Reader(bytes: bytes)
        let (count, start) = try Self.directory(reader)
        guard count <= Self.entryLimit else { throw Failure(problem: "more than \(Self.entryLimit) entries") }
        var position = start
        for _ in 0..<count {
            guard try reader.uint32(position) == 0x0201_4b50 else {
                throw Failure(problem: "its directory is damaged at byte \(position)")
            }
            let method = try reader.uint16(position + 10)
            var compressed = try reader.uint32(position + 20)
            var size = try reader.uint32(position + 24)
            let lengths = (
                name: try reader.uint16(position + 28), extra: try reader.uint16(position + 30),
                comment: try reader.uint16(position + 32)
            )
            var local = try reader.uint32(position + 42)
            let name = String(decoding: try reader.bytes(position + 46, lengths.name), as: UTF8.self)
            try Self.readLargeSizes(
                reader, position + 46 + lengths.name, lengths.extra, &size, &compressed, &local)
            position += 46 + lengths.name + lengths.extra + lengths.comment
            if name.hasSuffix("/") { continue }
            guard method == 0, compressed == size else {
                throw Failure(problem: "its entry \(name.prefix(100)) is compressed, but must be stored")
            }
            guard try reader.uint32(local) == 0x0403_4b50 else {
                throw Failure(problem: "its entry \(name.prefix(100)) is damaged")
            }
            let data = local + 30 + (try reader.uint16(local + 26)) + (try reader.uint16(local + 28))
            guard data <= bytes.count, size <= bytes.count - data else {
                throw Failure(problem: "its entry \(name.prefix(100)) reaches past the end of the file")
            }
            guard entries.updateValue(data..<data + size, forKey: name) == nil else {
                throw Failure(problem: "it has two entries \(name.prefix(100))")
            }
        }
    }

    /// The number of entries, and where their list begins.
    private static func directory(_ reader: Reader) throws(Failure) -> (count: Int, start: Int) {
        // The record at the end has 22 bytes and a comment of up to 65,535.
        let last = reader.bytes.count - 22
        guard last >= 0 else { throw Failure(problem: "not a file of torch.save: too short") }
        var end = last
        while try reader.uint32(end) != 0x0605_4b50 {
            end -= 1
            guard end >= 0, end >= last - 65_535 else {
                throw Failure(
                    problem: "not a file of torch.save since PyTorch 1.6 (a ZIP archive). Save the model as safetensors"
                )
            }
        }
        let (count, start) = (try reader.uint16(end + 10), try reader.uint32(end + 16))
        guard count == 0xffff || start == 0xffff_ffff, end >= 20, try reader.uint32(end - 20) == 0x0706_4b50 else {
            return (count, start)
        }
        let large = try reader.uint64(end - 12)
        guard try reader.uint32(large) == 0x0606_4b50 else { throw Failure(problem: "its directory is damaged") }
        return (try reader.uint64(large + 32), try reader.uint64(large + 48))
    }

    /// The sizes of an entry that do not fit 32 bits, in the order in which they are missing.
    private static func readLargeSizes(
        _ reader: Reader, _ start: Int, _ length: Int, _ size: inout Int, _ compressed: inout Int, _ local: inout Int
    ) throws(Failure) {
        var position = start
        while position + 4 <= start + length {
            let (tag, count) = (try reader.uint16(position), try reader.uint16(position + 2))
            if tag == 1 {
                var field = position + 4
                func next(_ value: inout Int) throws(Failure) {
                    guard value == 0xffff_ffff, field + 8 <= position + 4 + count else { return }
                    value = try reader.uint64(field)
                    field += 8
                }
                try next(&size)
                try next(&compressed)
                try next(&local)
            }
            position += 4 + count
        }
    }

    /// Little-endian numbers, checked to be inside the file.
    private struct Reader {
        let bytes: UnsafeRawBufferPointer

        func bytes(_ offset: Int, _ count: Int) throws(Failure) -> Slice<UnsafeRawBufferPointer> {
            guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
                throw Failure(problem: "its directory reaches past the end of the file")
            }
            return bytes[offset..<offset + count]
        }

        private func integer<T: FixedWidthInteger>(_ offset: Int, _: T.Type) throws(Failure) -> T {
            _ = try bytes(offset, MemoryLayout<T>.size)
            return T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
        }

        func uint16(_ offset: Int) throws(Failure) -> Int { Int(try integer(offset, UInt16.self)) }
        func uint32(_ offset: Int) throws(Failure) -> Int { Int(try integer(offset, UInt32.self)) }

        func uint64(_ offset: Int) throws(Failure) -> Int {
            guard let value = Int(exactly: try integer(offset, UInt64.self)) else {
                throw Failure(problem: "its directory has an impossible size")
            }
            return value
        }
    }
}
