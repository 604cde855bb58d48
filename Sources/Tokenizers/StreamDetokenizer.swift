import UTF8Text

/// Turns a stream of tokens into text, in complete characters.
///
/// A token can end in the middle of a character's UTF-8 bytes; these are held back until the rest arrives. Bytes that
/// cannot become a character any more become U+FFFD. All pieces together equal `Tokenizer.decode` of all tokens.
public struct StreamDetokenizer: Sendable {
    private let tokenizer: Tokenizer
    private let special: Bool
    /// Control tokens that are shown as text nevertheless.
    private let shown: Set<Int32>
    /// Bytes of an incomplete character; at most three.
    private var pending: [UInt8] = []
    /// Whether the next text is the first, before which a space may have been added.
    private var isAtStart: Bool
    /// A space that is part of the text only if another token follows.
    private var held: [UInt8] = []
    private var last: Int32?

    /// - Parameters:
    ///   - special: whether to show all control tokens.
    ///   - shown: control tokens to show in any case.
    ///   - continuesText: whether the tokens continue an earlier text, so that their first space must be kept.
    public init(
        _ tokenizer: Tokenizer, special: Bool = false, shown: Set<Int32> = [], continuesText: Bool = false
    ) {
        self.tokenizer = tokenizer
        self.special = special
        self.shown = shown
        isAtStart = !continuesText
    }

    /// The text that this token completes; often empty if the token is part of a character.
    public mutating func push(_ token: Int32) -> String {
        defer { last = token }
        if tokenizer.joinsRepeats, token == last { return "" }
        let isShown = special || shown.contains(token)
        let bytes = tokenizer.bytes(of: token, special: isShown, isFirst: isAtStart)
        // A first token whose only text is the added space still is the first.
        guard !bytes.isEmpty || isAtStart && !tokenizer.bytes(of: token, special: isShown).isEmpty else { return "" }
        isAtStart = false
        pending += held + bytes
        held = []
        if tokenizer.holdsLastSpace(of: token), pending.last == 0x20 { held = [pending.removeLast()] }
        let complete = pending.count - pending.incompleteUTF8Tail
        let text = String(decoding: pending[..<complete], as: UTF8.self)
        pending.removeFirst(complete)
        return text
    }

    /// The remaining text: U+FFFD if the last character is incomplete.
    public mutating func finish() -> String {
        defer { (pending, held) = ([], []) }
        return String(decoding: pending, as: UTF8.self)
    }
}
