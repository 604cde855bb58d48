/// Vocabularies in the style of SentencePiece write spaces as `▁` (U+2581).
enum SpaceEscape {
    static let space: [UInt8] = [0xE2, 0x96, 0x81]

    /// A text with `▁` instead of spaces.
    static func escape(_ text: UnsafeRawBufferPointer, addsPrefix: Bool = false) -> [UInt8] {
        var escaped = addsPrefix ? space : []
        escaped.reserveCapacity(text.count + text.count / 2)
        for byte in text {
            if byte == 0x20 { escaped += space } else { escaped.append(byte) }
        }
        return escaped
    }

    /// The text of a piece, with spaces instead of `▁`.
    static func unescape(_ piece: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var rest = piece
        while let byte = rest.first {
            let isSpace = rest.starts(with: space)
            text.append(isSpace ? 0x20 : byte)
            rest = rest.dropFirst(isSpace ? space.count : 1)
        }
        return text
    }
}

extension UInt8 {
    /// The length of the UTF-8 sequence that this byte leads.
    var characterLength: Int {
        switch self {
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0...: 4
        default: 1
        }
    }
}
