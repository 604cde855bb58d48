import Replies

extension ReplyEvent {
    /// One token with its text.
    static func text(_ text: String) -> ReplyEvent { .chunk(ReplyChunk(token: 1, text: text)) }

    /// One token of reasoning with its text.
    static func reasoning(_ text: String) -> ReplyEvent { .chunk(ReplyChunk(token: 1, reasoning: text)) }

    /// A token with its alternatives, and the text that is complete with it. Control tokens end the reply.
    static func token(_ token: ReplyToken, text: String = "") -> ReplyEvent {
        .chunk(ReplyChunk(token: token.chosen.isControl ? nil : token.chosen.id, details: token, text: text))
    }
}
