import Reasoning
import Replies
import Tokenizers

/// Turns the tokens of a reply into text: complete characters only, without stop strings, and with the model's
/// reasoning apart from its answer.
struct ReplyText {
    private var detokenizer: StreamDetokenizer?
    private var filter = StopStringFilter()
    private var splitter: ReasoningSplitter?

    /// The tag inside which the model is reasoning; nil while it answers.
    var openTag: ReasoningTag? { splitter?.openTag }

    /// - Parameters:
    ///   - tokenizer: nil for files without a vocabulary, whose replies have tokens but no text.
    ///   - splitter: has already read the beginning of a reply that is continued; nil for a reply without reasoning.
    ///   - opened: the turn that the reply continues. Its last token may have begun a character.
    init(tokenizer: Tokenizer?, splitter: ReasoningSplitter?, continuing opened: ChatTurn? = nil) {
        let isEmpty = opened.map { $0.tokens?.isEmpty ?? $0.content.isEmpty } ?? true
        detokenizer = tokenizer.map {
            StreamDetokenizer($0, shown: splitter == nil ? [] : $0.reasoningMarks, continuesText: !isEmpty)
        }
        self.splitter = splitter
        for token in opened?.tokens ?? [] { _ = self.splitter?.push(detokenizer?.push(token) ?? "") }
    }

    /// Adds a token. Returns the text that is complete with it, and whether a stop string ended the reply.
    mutating func push(_ token: Int32, stops: [String]) -> (chunk: ReplyChunk, isStopped: Bool) {
        guard var detokenizer else { return (ReplyChunk(token: token), false) }
        let output = filter.push(detokenizer.push(token), stops: stops)
        self.detokenizer = detokenizer
        return (chunk(token, pieces(of: output.text)), output.stopped)
    }

    /// The text that was held back until the end of the reply; nil if there is none. A stop string ends the reply
    /// before it.
    mutating func finish(isStopped: Bool) -> ReplyChunk? {
        let last = detokenizer?.finish() ?? ""
        let rest = isStopped ? "" : filter.push(last, stops: []).text
        let chunk = chunk(nil, pieces(of: rest) + (splitter?.finish() ?? []))
        return chunk.text.isEmpty && chunk.reasoning.isEmpty ? nil : chunk
    }

    private mutating func pieces(of text: String) -> [ReasoningSplitter.Piece] {
        splitter?.push(text) ?? (text.isEmpty ? [] : [.text(text)])
    }

    private func chunk(_ token: Int32?, _ pieces: [ReasoningSplitter.Piece]) -> ReplyChunk {
        var chunk = ReplyChunk(token: token)
        for piece in pieces {
            switch piece {
            case .text(let text): chunk.text += text
            case .reasoning(let text): chunk.reasoning += text
            }
        }
        return chunk
    }
}

extension Tokenizer {
    /// Control tokens that reasoning tags consist of: they have to be visible in the text that is searched for tags.
    fileprivate var reasoningMarks: Set<Int32> {
        let tokens = ReasoningTag.marks.flatMap { encode($0, parseSpecial: true) }
        return Set(tokens.filter { vocabulary.kind(of: $0) == .control && !endOfGeneration.contains($0) })
    }
}
