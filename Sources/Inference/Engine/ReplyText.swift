import Tokenizers

/// The text side of a reply: tokens in, events with whole characters and without stop texts out.
struct ReplyText {
    private var detokenizer: StreamDetokenizer?
    private var filter = StopStringFilter()
    /// Tokens whose text is held back, or is not there yet.
    private var pending: [Int32] = []

    /// - Parameters:
    ///   - tokenizer: nil for files without a vocabulary, whose replies have tokens but no text.
    ///   - opened: the turn that the reply goes on with. Its last token may have begun a character.
    init(tokenizer: Tokenizer?, continuing opened: ChatTurn? = nil) {
        let isEmpty = opened.map { $0.tokens?.isEmpty ?? $0.content.isEmpty } ?? true
        detokenizer = tokenizer.map { StreamDetokenizer($0, continuesText: !isEmpty) }
        for token in opened?.tokens ?? [] { _ = detokenizer?.push(token) }
    }

    /// Takes a token; returns an event when there is text to show, and whether a stop text came.
    mutating func push(_ token: Int32, stops: [String]) -> (event: EngineEvent?, stopped: Bool) {
        pending.append(token)
        let output = filter.push(detokenizer?.push(token) ?? "", stops: stops)
        return (output.text.isEmpty && detokenizer != nil ? nil : event(output.text), output.stopped)
    }

    /// What is left at the end: held text (unless a stop text ended the reply) and the tokens of it.
    mutating func finish(stopped: Bool) -> EngineEvent? {
        let last = detokenizer?.finish() ?? ""
        let rest = stopped ? "" : filter.push(last, stops: []).text
        return rest.isEmpty && pending.isEmpty ? nil : event(rest)
    }

    private mutating func event(_ text: String) -> EngineEvent {
        defer { pending = [] }
        return .text(text, tokens: pending)
    }
}
