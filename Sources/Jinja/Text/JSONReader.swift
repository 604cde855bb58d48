/// Why a text is not JSON: what is wrong, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    public let message: String
    /// Line and column of the trouble, both counted from 1; columns count bytes.
    public let line: Int
    public let column: Int

    public var description: String { "JSON, line \(line), column \(column): \(message)" }
}

extension JinjaValue {
    /// Reads JSON. Objects keep the order of their keys, and strings are untrusted: this is how messages and tools
    /// come in. Of a key that is there twice, the last value counts. Integers beyond 64 bits become floats.
    /// - Throws: ``JSONError``.
    public init(json text: String) throws(JSONError) { try self.init(json: Array(text.utf8)) }

    /// Reads JSON in UTF-8; bytes that are not UTF-8 become U+FFFD.
    /// - Throws: ``JSONError``.
    public init(json bytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(bytes: bytes)
        self = try reader.readDocument()
    }
}

/// Reads JSON by recursive descent, not deeper than values may be.
private struct JSONReader {
    private static let depthLimit = JinjaLimits().valueDepth

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func readDocument() throws(JSONError) -> JinjaValue {
        let value = try readValue()
        skipSpace()
        guard position == bytes.count else { throw error("something follows the value") }
        return value
    }

    private mutating func readValue() throws(JSONError) -> JinjaValue {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try nested { (reader) throws(JSONError) in .dict(try reader.readObject()) }
        case UInt8(ascii: "["): return try nested { (reader) throws(JSONError) in .list(try reader.readArray()) }
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "-"): return try readNumber()
        case let digit? where Unicode.Scalar(digit).isASCIIDigit: return try readNumber()
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .none)
        case nil: throw error("the text ends where a value is expected")
        default: throw error("a value is expected")
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(JSONError) -> JinjaValue
    ) throws(JSONError) -> JinjaValue {
        guard depth < Self.depthLimit else { throw error("values lie deeper than \(Self.depthLimit) levels") }
        depth += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    // MARK: - Containers

    private mutating func readObject() throws(JSONError) -> JinjaDict {
        var dict = JinjaDict()
        position += 1
        skipSpace()
        if skip("}") { return dict }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw error("a key in quotes is expected") }
            let key = try readString()
            skipSpace()
            guard skip(":") else { throw error("':' is expected after a key") }
            let value = try readValue()
            dict.set(value, for: .string(key), at: .string(key.scalars))
            skipSpace()
        } while skip(",")
        guard skip("}") else { throw error("',' or '}' is expected") }
        return dict
    }

    private mutating func readArray() throws(JSONError) -> [JinjaValue] {
        var elements: [JinjaValue] = []
        position += 1
        skipSpace()
        if skip("]") { return elements }
        repeat {
            elements.append(try readValue())
            skipSpace()
        } while skip(",")
        guard skip("]") else { throw error("',' or ']' is expected") }
        return elements
    }

    // MARK: - Plain values

    private mutating func readWord(_ word: StaticString, _ value: JinjaValue) throws(JSONError) -> JinjaValue {
        for byte in word.description.utf8 {
            guard current == byte else { throw error("a value is expected") }
            position += 1
        }
        return value
    }

    private mutating func readNumber() throws(JSONError) -> JinjaValue {
        let start = position
        _ = skip("-")
        guard skipDigits() else { throw error("a digit is expected") }
        var isInteger = true
        if skip(".") {
            isInteger = false
            guard skipDigits() else { throw error("a digit is expected after '.'") }
        }
        if skip("e") || skip("E") {
            isInteger = false
            if !skip("-") { _ = skip("+") }
            guard skipDigits() else { throw error("a digit is expected in the exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int(text) { return .int(value) }
        guard let value = Double(text) else { throw error("'\(text)' is not a number") }
        return .float(value)
    }

    private mutating func skipDigits() -> Bool {
        let start = position
        while let byte = current, Unicode.Scalar(byte).isASCIIDigit { position += 1 }
        return position > start
    }

    // MARK: - Strings

    private static let escapes: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
        UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]

    private mutating func readString() throws(JSONError) -> JinjaString {
        position += 1
        var scalars: [Unicode.Scalar] = []
        var start = position
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                scalars += String(decoding: bytes[start..<position], as: UTF8.self).unicodeScalars
                position += 1
                return JinjaString(scalars: scalars, trusted: false)
            case UInt8(ascii: "\\"):
                scalars += String(decoding: bytes[start..<position], as: UTF8.self).unicodeScalars
                position += 1
                scalars.append(try readEscape())
                start = position
            case 0..<0x20:
                throw error("a control character in a string must be written as an escape")
            default:
                position += 1
            }
        }
        throw error("a string is not closed")
    }

    private mutating func readEscape() throws(JSONError) -> Unicode.Scalar {
        guard let letter = current else { throw error("a string is not closed") }
        position += 1
        if let scalar = Self.escapes[letter] { return scalar }
        guard letter == UInt8(ascii: "u") else { throw error("an unknown escape") }
        let unit = try readCodeUnit()
        guard (0xD800..<0xDC00).contains(unit), current == UInt8(ascii: "\\") else {
            return Unicode.Scalar(unit) ?? "\u{FFFD}"
        }
        // The first half of a surrogate pair: take the second along if it follows.
        let afterFirst = position
        position += 1
        if skip("u") {
            let second = try readCodeUnit()
            if (0xDC00..<0xE000).contains(second) {
                return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
            }
        }
        position = afterFirst
        return "\u{FFFD}"
    }

    private mutating func readCodeUnit() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Unicode.Scalar(byte).digitValue(radix: 16) else {
                throw error("four hexadecimal digits are expected")
            }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }

    // MARK: - The cursor

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard let current, UInt32(current) == scalar.value else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private func error(_ message: String) -> JSONError {
        let before = bytes[..<position]
        let line = before.count { $0 == UInt8(ascii: "\n") }
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return JSONError(message: message, line: line + 1, column: position - lineStart + 1)
    }
}
