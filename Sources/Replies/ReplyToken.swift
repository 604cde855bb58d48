import UTF8Text

/// A token that was or could have been chosen at one position of a reply.
public struct TokenChoice: Sendable, Equatable {
    /// In the model's vocabulary; `unknownID` from services, which name tokens by their text.
    public var id: Int32
    /// The bytes it adds to the text, perhaps only part of a character; the name of a control token.
    public var bytes: [UInt8]
    /// A token that adds no text, such as the end of a turn.
    public var isControl: Bool
    /// Its probability before the sampler chain, 0…1.
    public var before: Float
    /// Its probability after the sampler chain, 0…1; 0 if the chain removed it.
    public var after: Float

    public static let unknownID: Int32 = -1

    public init(id: Int32, bytes: [UInt8], isControl: Bool = false, before: Float, after: Float) {
        self.id = id
        self.bytes = bytes
        self.isControl = isControl
        self.before = before
        self.after = after
    }
}

/// One token of a reply with its alternatives.
public struct ReplyToken: Sendable, Equatable {
    public var chosen: TokenChoice
    /// The most likely tokens before the sampler chain, most likely first; may include the chosen one.
    public var alternatives: [TokenChoice]

    public init(chosen: TokenChoice, alternatives: [TokenChoice]) {
        self.chosen = chosen
        self.alternatives = alternatives
    }

    /// The text of some tokens. An incomplete character at the end is left out.
    public static func text(of tokens: some Sequence<ReplyToken>) -> String {
        let bytes = tokens.flatMap { $0.chosen.isControl ? [] : $0.chosen.bytes }
        return String(decoding: bytes.dropLast(bytes.incompleteUTF8Tail), as: UTF8.self)
    }
}
