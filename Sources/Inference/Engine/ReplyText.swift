import Reasoning
import Tokenizers

/// The text side of a reply: tokens in, events with whole characters and without stop texts out, what the model thinks
/// apart from what it answers.
struct ReplyText {
    private var detokenizer: StreamDetokenizer?
    private var filter = StopStringFilter()
    private var splitter: ReasoningSplitter?
    /// Tokens whose text is held back, or is not there yet.
    private var pending: [Int32] = []

    /// The tag between which the model thinks; nil while it answers.
    var openTag: ReasoningTag? { splitter?.openTag }

    /// - Parameters:
    ///   - tokenizer: nil for files without a vocabulary, whose replies have tokens but no text.
    ///   - splitter: with the beginning of the reply behind it, where the reply goes on with one; nil where the text is
    ///     one whole.
    ///   - opened: the turn that the reply goes on with. Its last token may have begun a character.
    init(tokenizer: Tokenizer?, splitter: ReasoningSplitter?, continuing opened: ChatTurn? = nil) {
        let isEmpty = opened.map { $0.tokens?.isEmpty ?? $0.content.isEmpty } ?? true
        detokenizer = tokenizer.map {
            StreamDetokenizer($0, shown: splitter == nil ? [] : $0.reasoningMarks, continuesText: !isEmpty)
        }
        self.splitter = splitter
        for token in opened?.tokens ?? [] { _ = self.splitter?.push(detokenizer?.push(token) ?? "") }
    }

    /// Takes a token; returns events where there is text to show, and whether a stop text came.
    mutating func push(_ token: Int32, stops: [String]) -> (events: [EngineEvent], stopped: Bool) {
        pending.append(token)
        guard var detokenizer else { return (events([.text("")]), false) }
        let output = filter.push(detokenizer.push(token), stops: stops)
        self.detokenizer = detokenizer
        return (events(pieces(of: output.text)), output.stopped)
    }

    /// What is left at the end: held text (unless a stop text ended the reply) and the tokens of it.
    mutating func finish(stopped: Bool) -> [EngineEvent] {
        let last = detokenizer?.finish() ?? ""
        let rest = stopped ? "" : filter.push(last, stops: []).text
        let pieces = pieces(of: rest) + (splitter?.finish() ?? [])
        return events(pieces.isEmpty && !pending.isEmpty ? [.text("")] : pieces)
    }

    private mutating func pieces(of text: String) -> [ReasoningSplitter.Piece] {
        splitter?.push(text) ?? (text.isEmpty ? [] : [.text(text)])
    }

    /// The tokens go with the last piece.
    private mutating func events(_ pieces: [ReasoningSplitter.Piece]) -> [EngineEvent] {
        pieces.enumerated().map { number, piece in
            let tokens = number == pieces.count - 1 ? pending : []
            if !tokens.isEmpty { pending = [] }
            return switch piece {
            case .text(let text): .text(text, tokens: tokens)
            case .reasoning(let text): .reasoning(text, tokens: tokens)
            }
        }
    }
}

extension Tokenizer {
    /// Control tokens that tags around reasoning are made of: they have to be seen where tags are looked for.
    fileprivate var reasoningMarks: Set<Int32> {
        let tokens = ReasoningTag.marks.flatMap { encode($0, parseSpecial: true) }
        return Set(tokens.filter { vocabulary.kind(of: $0) == .control && !endOfGeneration.contains($0) })
    }
}
