import UTF8Text

/// A bracketed paste on its way, from behind its start mark to its end mark. A paste that arrives slowly, as over a bad
/// connection, is returned in pieces; its line ends are never keys.
struct PasteText {
    /// Whether the end mark has not come yet.
    private(set) var isOpen = true
    /// What has come and was not returned.
    private var bytes: [UInt8] = []
    /// How much of the end mark `bytes` ends with.
    private var matched = 0
    /// The number of bytes in the paste so far.
    private var byteCount = 0
    private var lineEnds = LineEnds()

    /// Anything beyond this many bytes is dropped: no prompt is that long.
    private static let limit = 32 << 20
    private static let end = Array("\u{1B}[201~".utf8)

    var hasText: Bool { !bytes.isEmpty }

    /// Takes the paste's bytes, and returns those behind its end mark.
    mutating func take(_ input: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        for index in input.indices {
            let byte = input[index]
            matched = byte == Self.end[matched] ? matched + 1 : byte == Self.end[0] ? 1 : 0
            if byteCount < Self.limit || matched > 0 { bytes.append(byte) }
            byteCount += 1
            if matched == Self.end.count {
                isOpen = false
                bytes.removeLast(matched)
                return input[(index + 1)...]
            }
        }
        return []
    }

    /// Gives the paste up: its end mark was lost.
    mutating func close() { isOpen = false }

    /// The text since the last piece, as far as it is complete: a possible start of the end mark waits, and so does an
    /// incomplete character.
    mutating func piece() -> String {
        var count = bytes.count
        if isOpen {
            count -= matched
            count -= bytes[..<count].incompleteUTF8Tail
        }
        let taken = bytes[..<count]
        bytes.removeFirst(count)
        return lineEnds.text(taken)
    }
}

/// Terminals paste line ends as carriage returns, or leave them as they are.
struct LineEnds {
    private var previous: UInt8 = 0

    /// The text with line feeds as line ends; bytes that are not UTF-8 become U+FFFD.
    mutating func text(_ bytes: some Sequence<UInt8>) -> String {
        let feed = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")
        var result: [UInt8] = []
        for byte in bytes {
            if byte != feed || previous != carriageReturn { result.append(byte == carriageReturn ? feed : byte) }
            previous = byte
        }
        return String(decoding: result, as: UTF8.self)
    }
}
