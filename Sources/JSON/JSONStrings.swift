/// Strings and their escape sequences.
extension JSONReader {
    mutating func string() throws(JSONError) -> String {
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
                    try record(error, ifKept: tolerance == .keepPrefix)
                    return result
                }
                start = position
            case 0..<0x20:
                try record(
                    error(byte == 0x0a ? "'\"'" : "control characters written as \\u escapes"),
                    ifKept: tolerance == .keepPrefix)
                return result + text(start..<position)
            default: position += 1
            }
        }
        try record(error("'\"'"), ifKept: tolerance == .keepPrefix)
        return result + text(start..<position)
    }

    /// Bytes that are not UTF-8 become replacement characters; `encodingError` reports them.
    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The first place where the bytes are not UTF-8, if any. One check of all bytes is faster than one per string.
    var encodingError: JSONError? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        let repaired = String(decoding: bytes, as: UTF8.self).utf8
        let offset = zip(repaired, bytes).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? bytes.count
        return JSONError(at: offset, in: bytes, expected: "UTF-8 text")
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard let byte = peek else { throw error("an escape sequence") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw error("an escape sequence")
        }
    }

    /// The scalar of one \u escape or of a surrogate pair; half a pair becomes the replacement character.
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
}
