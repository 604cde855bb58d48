import UTF8Text

/// A token that could stand at a place of a reply.
public struct TokenChoice: Sendable, Equatable {
    /// In the vocabulary of the model.
    public var id: Int32
    /// What it adds to the text, perhaps a part of a character only; the name, for a control token.
    public var bytes: [UInt8]
    /// A token that no text stands for, such as the end of a turn.
    public var isControl: Bool
    /// Its probability by the model alone, 0…1.
    public var before: Float
    /// Its probability after the sampler chain, 0…1; 0 where the chain removed it.
    public var after: Float

    public init(id: Int32, bytes: [UInt8], isControl: Bool = false, before: Float, after: Float) {
        self.id = id
        self.bytes = bytes
        self.isControl = isControl
        self.before = before
        self.after = after
    }
}

/// One token of a reply and what else could have stood in its place.
public struct ReplyToken: Sendable, Equatable {
    public var chosen: TokenChoice
    /// The likeliest by the model alone, likeliest first; the chosen one may be among them.
    public var alternatives: [TokenChoice]

    public init(chosen: TokenChoice, alternatives: [TokenChoice]) {
        self.chosen = chosen
        self.alternatives = alternatives
    }

    /// The text of some tokens, pieces of characters put together. What the last of them began and did not end is left
    /// out.
    public static func text(of tokens: some Sequence<ReplyToken>) -> String {
        let bytes = tokens.flatMap { $0.chosen.isControl ? [] : $0.chosen.bytes }
        return String(decoding: bytes.dropLast(bytes.incompleteUTF8Tail), as: UTF8.self)
    }
}
