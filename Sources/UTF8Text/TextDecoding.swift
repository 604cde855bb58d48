/// Text from outside, in one of the encodings that can be recognised with certainty: UTF-8 with or without a byte order
/// mark, and UTF-16 with one.
public enum TextDecoding {
    public enum Failure: Error, Equatable, Sendable {
        /// The bytes contain NUL, as text never does.
        case binary
        /// The first byte that is not UTF-8.
        case notUTF8(offset: Int)
        case notUTF16

        /// Continues a sentence that begins with the name of the source.
        public var reason: String {
            switch self {
            case .binary: "is not text: it contains NUL bytes"
            case .notUTF8(let offset): "is not UTF-8 text (byte \(offset + 1)). iconv converts it"
            case .notUTF16: "is not valid UTF-16 text"
            }
        }
    }

    /// The text without a byte order mark.
    public static func text(_ bytes: [UInt8]) throws(Failure) -> String {
        if bytes.starts(with: [0xFF, 0xFE]) { return try utf16(bytes.dropFirst(2), lowFirst: true) }
        if bytes.starts(with: [0xFE, 0xFF]) { return try utf16(bytes.dropFirst(2), lowFirst: false) }
        let content = bytes.withoutByteOrderMark
        guard !content.contains(0) else { throw .binary }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw .notUTF8(offset: firstInvalid(content))
        }
        return text
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, lowFirst: Bool) throws(Failure) -> String {
        guard bytes.count.isMultiple(of: 2) else { throw .notUTF16 }
        let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map { index in
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return lowFirst ? second << 8 | first : first << 8 | second
        }
        guard !units.contains(0) else { throw .binary }
        guard let text = String(validating: units, as: UTF16.self) else { throw .notUTF16 }
        return text
    }

    /// The position of the first byte that is not UTF-8, in bytes from the start of the original.
    private static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> Int {
        // The longest valid beginning, by halves: validity of a beginning (without an incomplete character at its end)
        // ends at the first wrong byte.
        var (low, high) = (0, bytes.count)
        while low < high {
            let middle = (low + high + 1) / 2
            let beginning = bytes.prefix(middle)
            if String(validating: beginning.dropLast(beginning.incompleteUTF8Tail), as: UTF8.self) != nil {
                low = middle
            } else {
                high = middle - 1
            }
        }
        let tail = bytes.prefix(low).incompleteUTF8Tail
        return bytes.startIndex + low - tail
    }
}

extension Collection<UInt8> {
    /// Without the byte order mark that some programs put before UTF-8 text.
    public var withoutByteOrderMark: SubSequence { starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self[...] }
}
