/// The fields of a message in protobuf's wire format, one after the other. Nothing is copied, and every length is checked
/// against what is left of the message. (https://protobuf.dev/programming-guides/encoding/)
struct ProtobufReader {
    let file: ProtobufFile
    /// The message's name in ONNX's schema, for errors.
    let message: StaticString
    private var position: Int
    private let end: Int

    struct Field {
        let number: Int
        let content: Content
        /// In bytes from the start of the file.
        let offset: Int
    }

    enum Content {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        /// A text, a message, or packed numbers: where it is in the file.
        case bytes(Range<Int>)
    }

    /// - Parameter range: of the message, inside the file.
    init(_ file: ProtobufFile, _ range: Range<Int>, message: StaticString) {
        (self.file, self.message) = (file, message)
        (position, end) = (range.lowerBound, range.upperBound)
    }

    /// The next field; nil at the end of the message.
    mutating func next() throws(ONNXError) -> Field? {
        guard position < end else { return nil }
        try file.countField(at: position)
        let offset = position
        let tag = try varint()
        let number = Int(truncatingIfNeeded: tag >> 3)
        guard tag >> 3 != 0, tag >> 3 < 1 << 29 else { throw malformed("a field has the number \(tag >> 3)", offset) }
        switch tag & 7 {
        case 0: return Field(number: number, content: .varint(try varint()), offset: offset)
        case 1: return Field(number: number, content: .fixed64(try fixed(UInt64.self)), offset: offset)
        case 2:
            let count = try varint()
            guard count <= UInt64(end - position) else {
                throw malformed("field \(number) has \(count) bytes, but only \(end - position) are left", offset)
            }
            let range = position..<position + Int(count)
            position = range.upperBound
            return Field(number: number, content: .bytes(range), offset: offset)
        case 5: return Field(number: number, content: .fixed32(try fixed(UInt32.self)), offset: offset)
        default: throw malformed("field \(number) has the wire type \(tag & 7)", offset)
        }
    }

    private mutating func varint() throws(ONNXError) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) {
            guard position < end else { throw malformed("it ends inside a number", start) }
            let byte = file.bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw malformed("a number has more than ten bytes", start)
    }

    private mutating func fixed<Number: FixedWidthInteger>(_ type: Number.Type) throws(ONNXError) -> Number {
        let size = MemoryLayout<Number>.size
        guard end - position >= size else { throw malformed("it ends inside a number", position) }
        defer { position += size }
        return Number(littleEndian: file.bytes.loadUnaligned(fromByteOffset: position, as: type))
    }

    // MARK: What fields contain

    func integer(_ field: Field) throws(ONNXError) -> Int {
        guard case .varint(let value) = field.content else { throw wrongType(field, "an integer") }
        return Int(truncatingIfNeeded: value)
    }

    func range(_ field: Field) throws(ONNXError) -> Range<Int> {
        guard case .bytes(let range) = field.content else { throw wrongType(field, "bytes") }
        return range
    }

    func text(_ field: Field) throws(ONNXError) -> String {
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[try range(field)])
        guard bytes.count <= Self.longestText, let text = String(validating: bytes, as: UTF8.self) else {
            throw wrongType(field, "a text in UTF-8 of at most \(Self.longestText) bytes")
        }
        return text
    }

    /// A message inside of this one.
    func reader(_ field: Field, _ message: StaticString) throws(ONNXError) -> ProtobufReader {
        ProtobufReader(file, try range(field), message: message)
    }

    /// Appends one number, or a packed list of them.
    func append(_ field: Field, to list: inout [Int], most: Int) throws(ONNXError) {
        var numbers = self
        if case .bytes(let range) = field.content {
            numbers = ProtobufReader(file, range, message: message)
            while numbers.position < numbers.end, list.count <= most {
                list.append(Int(truncatingIfNeeded: try numbers.varint()))
            }
        } else {
            list.append(try integer(field))
        }
        guard list.count <= most else { throw error(.tooMany(most: most), field) }
    }

    // MARK: Errors

    /// Of a name in a graph.
    private static let longestText = 1 << 16

    func error(_ problem: ONNXError.Problem, _ field: Field) -> ONNXError {
        ONNXError(problem, field: "\(message), field \(field.number)", offset: field.offset, path: file.path)
    }

    private func wrongType(_ field: Field, _ expected: String) -> ONNXError {
        error(.wrongType(expected: expected), field)
    }

    private func malformed(_ reason: String, _ offset: Int) -> ONNXError {
        ONNXError(.malformed(reason), field: "\(message)", offset: offset, path: file.path)
    }
}

/// The bytes that are read, and how much of them may be read in all.
final class ProtobufFile {
    let bytes: UnsafeRawBufferPointer
    let path: String
    private var fields = 0

    /// More than a hundred times as many as exports of large models have.
    private static let mostFields = 1 << 26

    init(_ bytes: UnsafeRawBufferPointer, path: String) { (self.bytes, self.path) = (bytes, path) }

    /// Throws if so many fields were read that this is no model.
    func countField(at offset: Int) throws(ONNXError) {
        fields += 1
        guard fields <= Self.mostFields else {
            throw ONNXError(.tooMany(most: Self.mostFields), field: "fields", offset: offset, path: path)
        }
    }
}
