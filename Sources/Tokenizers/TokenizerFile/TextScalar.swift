/// A character of a text on its way to tokens, and whether it is from a trusted segment of the prompt.
struct TextScalar: Equatable {
    private let bits: UInt32

    init(_ value: UInt32, isTrusted: Bool) {
        bits = value | (isTrusted ? 1 << 31 : 0)
    }

    var value: UInt32 { bits & 0x1F_FFFF }
    var isTrusted: Bool { bits >> 31 != 0 }
    var isASCII: Bool { bits & 0x1F_FF80 == 0 }

    /// Another character with the same trust.
    func with(_ value: UInt32) -> TextScalar { TextScalar(value, isTrusted: isTrusted) }

    var scalar: Unicode.Scalar { Unicode.Scalar(value) ?? "\u{FFFD}" }

    var isWhitespace: Bool {
        isASCII ? value == 0x20 || (0x09...0x0D).contains(value) : scalar.properties.isWhitespace
    }

    /// The characters of UTF-8 text. `trusted` are ranges of bytes, in order.
    static func all(in text: UnsafeRawBufferPointer, trusted: [Range<Int>]) -> [TextScalar] {
        var scalars: [TextScalar] = []
        scalars.reserveCapacity(text.count)
        var position = 0
        for range in trusted {
            append(text, position..<range.lowerBound, isTrusted: false, to: &scalars)
            append(text, range, isTrusted: true, to: &scalars)
            position = range.upperBound
        }
        append(text, position..<text.count, isTrusted: false, to: &scalars)
        return scalars
    }

    private static func append(
        _ text: UnsafeRawBufferPointer, _ range: Range<Int>, isTrusted: Bool, to scalars: inout [TextScalar]
    ) {
        var decoder = Unicode.UTF8()
        var bytes = text[range].makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&bytes) {
            scalars.append(TextScalar(scalar.value, isTrusted: isTrusted))
        }
    }
}

extension [TextScalar] {
    /// Adds replacements for a part of a text; they are trusted if all of the part is.
    mutating func append(_ values: some Sequence<UInt32>, replacing part: some Sequence<TextScalar>) {
        let isTrusted = part.allSatisfy(\.isTrusted)
        for value in values { append(TextScalar(value, isTrusted: isTrusted)) }
    }
}

extension [UInt8] {
    /// Adds a character in UTF-8.
    @inline(__always)
    mutating func append(utf8 value: UInt32) {
        switch value {
        case 0..<0x80: append(UInt8(value))
        case 0x80..<0x800:
            append(UInt8(0xC0 | value >> 6))
            append(UInt8(0x80 | value & 0x3F))
        case 0x800..<0x1_0000:
            append(UInt8(0xE0 | value >> 12))
            append(UInt8(0x80 | value >> 6 & 0x3F))
            append(UInt8(0x80 | value & 0x3F))
        default:
            append(UInt8(0xF0 | value >> 18 & 0x07))
            append(UInt8(0x80 | value >> 12 & 0x3F))
            append(UInt8(0x80 | value >> 6 & 0x3F))
            append(UInt8(0x80 | value & 0x3F))
        }
    }
}
