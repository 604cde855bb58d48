import UTF8Text

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
        let complete = pending.count - pending.incompleteUTF8Tail
        let text = String(decoding: pending[..<complete], as: UTF8.self)
        pending.removeFirst(complete)
        return text
    }

    /// The last text: U+FFFD where a character was never completed.
    public mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }
}
