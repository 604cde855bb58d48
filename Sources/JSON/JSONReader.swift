/// Reads JSON (RFC 8259) from bytes that may be hostile or damaged: bounded in depth, linear in time.
///
/// Besides the strict reading there is one that saves what it can: at the first mistake every open list and object ends
/// where it stands, so that a file cut short gives all that came before the cut.
public struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    /// Counted from 1. Line breaks stand only between values: inside of texts they are a mistake.
    private var line = 1
    private let isRecovering: Bool
    /// The first mistake of a recovering reading; everything after it is ignored.
    private var mistake: JSONError?

    /// Lists and objects inside one another.
    public static let depthLimit = 100

    /// The one value that the text holds.
    public static func read(_ text: String) throws(JSONError) -> JSONValue { try read(Array(text.utf8)) }

    /// The one value that the bytes hold.
    public static func read(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes, isRecovering: false)
        if let mistake = reader.encodingMistake { throw mistake }
        let value = try reader.value()
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.error("nothing more after the value") }
        return value
    }

    /// What stands before the first mistake, and the mistake (nil where there is none).
    public static func recover(_ bytes: [UInt8]) -> (value: JSONValue, mistake: JSONError?) {
        var reader = JSONReader(bytes, isRecovering: true)
        do {
            let value = try reader.value()
            reader.skipSpace()
            if reader.mistake == nil, reader.position < bytes.count {
                return (value, reader.error("nothing more after the value"))
            }
            return (value, reader.mistake ?? reader.encodingMistake)
        } catch {
            return (.null, error)
        }
    }

    private init(_ bytes: [UInt8], isRecovering: Bool) {
        self.bytes = bytes
        self.isRecovering = isRecovering
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    // MARK: Values

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try nested { reader throws(JSONError) in try reader.fields() })
        case UInt8(ascii: "["): return .array(try nested { reader throws(JSONError) in try reader.items() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested<Result>(
        _ read: (inout JSONReader) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        guard depth < Self.depthLimit else { throw error("at most \(Self.depthLimit) levels") }
        depth += 1
        defer { depth -= 1 }
        position += 1
        return try read(&self)
    }

    private mutating func fields() throws(JSONError) -> JSONObject {
        var fields = JSONObject()
        do throws(JSONError) {
            guard !skip("}") else { return fields }
            repeat {
                skipSpace()
                let line = line
                let name = try string()
                guard skip(":") else { throw error("':' after a field's name") }
                fields.set(name, to: try value(), line: line)
            } while mistake == nil && skip(",")
            if mistake == nil, !skip("}") { throw error("',' or '}'") }
        } catch { try end(with: error) }
        return fields
    }

    private mutating func items() throws(JSONError) -> [JSONValue] {
        var items: [JSONValue] = []
        do throws(JSONError) {
            guard !skip("]") else { return items }
            repeat { items.append(try value()) } while mistake == nil && skip(",")
            if mistake == nil, !skip("]") { throw error("',' or ']'") }
        } catch { try end(with: error) }
        return items
    }

    /// Ends an open text, list or object at a mistake: for good, or by keeping what it holds so far.
    private mutating func end(with error: JSONError) throws(JSONError) {
        guard isRecovering else { throw error }
        if mistake == nil { mistake = error }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes[position..<end].elementsEqual("\(word)".utf8) else { throw error("a value") }
        position = end
        return value
    }

    private mutating func number() throws(JSONError) -> String {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        let whole = digits()
        guard whole > 0, whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else { throw error("a value") }
        if peek == UInt8(ascii: ".") {
            position += 1
            guard digits() > 0 else { throw error("a digit") }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw error("a digit") }
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        return position - start
    }

    // MARK: Strings

    private mutating func string() throws(JSONError) -> String {
        guard peek == UInt8(ascii: "\"") else { throw error("'\"'") }
        position += 1
        var result = ""
        var start = position
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                result += text(start..<position)
                position += 1
                return result
            case UInt8(ascii: "\\"):
                result += text(start..<position)
                position += 1
                do throws(JSONError) {
                    result.unicodeScalars.append(try escape())
                } catch {
                    try end(with: error)
                    return result
                }
                start = position
            case 0..<0x20:
                try end(with: error("control characters as \\u escapes"))
                return result + text(start..<position)
            default: position += 1
            }
        }
        try end(with: error("'\"'"))
        return result + text(start..<position)
    }

    /// Bytes that are not UTF-8 become replacement characters; `encodingMistake` reports them.
    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Where the bytes stop being UTF-8; nil where they all are. Asked once, which is faster than string by string.
    private var encodingMistake: JSONError? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        let repaired = String(decoding: bytes, as: UTF8.self).utf8
        let offset = zip(repaired, bytes).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? bytes.count
        return JSONError(at: offset, in: bytes, expected: "UTF-8 text")
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard let byte = peek else { throw error("an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw error("an escape")
        }
    }

    /// The scalar of a \u escape or a pair of them; half a pair becomes the replacement character.
    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        let resume = position
        if first < 0xdc00, peek == UInt8(ascii: "\\") {
            position += 1
            if peek == UInt8(ascii: "u") {
                position += 1
                let second = try hexadecimal()
                if (0xdc00..<0xe000).contains(second),
                    let scalar = Unicode.Scalar(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
                {
                    return scalar
                }
            }
            position = resume
        }
        return "\u{fffd}"
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
            bytes[position] != UInt8(ascii: "+")
        else { throw error("four hexadecimal digits") }
        position += 4
        return value
    }

    // MARK: Bytes

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard let byte = peek, UInt32(byte) == character.value else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
            if byte == 0x0a { line += 1 }
            position += 1
        }
    }

    private func error(_ expected: String) -> JSONError { JSONError(at: position, in: bytes, expected: expected) }
}
