/// Turns a stream of tokens into text, one whole character at a time.
///
/// A token may end in the middle of a character's UTF-8 bytes; those wait until the rest arrives. What can no longer
/// become a character is shown as U+FFFD. The pieces together are exactly what `Tokenizer.decode` gives for the whole.
public struct StreamDetokenizer: Sendable {
    private let tokenizer: Tokenizer
    private let special: Bool
    /// Control tokens that are text all the same.
    private let shown: Set<Int32>
    /// Bytes of a character that is not complete yet; at most three.
    private var pending: [UInt8] = []
    /// Whether the next text is the first, before which SentencePiece has put a space.
    private var isAtStart: Bool

    /// `special` shows control tokens too, `shown` these alone. `continuesText` is for replies that go on with a text in
    /// the middle: their first space is kept.
    public init(
        _ tokenizer: Tokenizer, special: Bool = false, shown: Set<Int32> = [], continuesText: Bool = false
    ) {
        self.tokenizer = tokenizer
        self.special = special
        self.shown = shown
        isAtStart = tokenizer.addsSpacePrefix && !continuesText
    }

    /// The text that is complete with this token; often empty for a token that is part of a character.
    public mutating func push(_ token: Int32) -> String {
        var bytes = tokenizer.bytes(of: token, special: special || shown.contains(token))[...]
        guard !bytes.isEmpty else { return "" }
        if isAtStart, bytes.first == 0x20 { bytes.removeFirst() }
        isAtStart = false
        pending += bytes
        let complete = pending.count - Self.incompleteTail(pending)
        let text = String(decoding: pending[..<complete], as: UTF8.self)
        pending.removeFirst(complete)
        return text
    }

    /// The last text: U+FFFD where a character was never completed.
    public mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }

    /// How many bytes at the end are the start of a character whose rest may still come.
    private static func incompleteTail(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let tail = bytes.suffix(length)
            guard let lead = tail.first, lead >= 0x80 else { return 0 }
            guard lead >= 0xC0 else { continue }  // a continuation byte: the lead stands before it
            return isPrefix(Array(tail)) ? length : 0
        }
        return 0
    }

    /// Whether bytes, the first of them a lead byte, are a proper beginning of a valid UTF-8 sequence
    /// (Unicode, table 3-7).
    private static func isPrefix(_ bytes: [UInt8]) -> Bool {
        let (length, second): (Int, ClosedRange<UInt8>)
        switch bytes[0] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return false
        }
        guard bytes.count < length else { return false }
        return bytes.count < 2 || second.contains(bytes[1])
    }
}
