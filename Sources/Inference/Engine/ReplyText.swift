import Reasoning
import Replies
import Tokenizers

/// Turns the tokens of a reply into text: complete characters only, without stop strings, and with the model's
/// reasoning apart from its answer.
struct ReplyText {
    private var detokenizer: StreamDetokenizer?
    private var splitter: ReasoningSplitter?
    /// What the prompt's form implies ends the reply anywhere, the user's stop strings end it only in the answer: a
    /// model thinks in paragraphs, and `--stop '\n\n'` means those of the answer.
    private let impliedStops: [String]
    private var answer = StopStringFilter()
    private var reasoning = StopStringFilter()

    /// The tag inside which the model is reasoning; nil while it answers.
    var openTag: ReasoningTag? { splitter?.openTag }

    /// - Parameters:
    ///   - tokenizer: nil for files without a vocabulary, whose replies have tokens but no text.
    ///   - splitter: has already read the beginning of a reply that is continued; nil for a reply without reasoning.
    ///   - impliedStops: strings that end the reply because of the prompt's form.
    ///   - opened: the turn that the reply continues. Its last token may have begun a character.
    init(
        tokenizer: Tokenizer?, splitter: ReasoningSplitter?, impliedStops: [String] = [],
        continuing opened: ChatTurn? = nil
    ) {
        let isEmpty = opened.map { $0.tokens?.isEmpty ?? $0.content.isEmpty } ?? true
        detokenizer = tokenizer.map {
            StreamDetokenizer($0, shown: splitter == nil ? [] : $0.reasoningMarks, continuesText: !isEmpty)
        }
        self.splitter = splitter
        self.impliedStops = impliedStops
        for token in opened?.tokens ?? [] { _ = self.splitter?.push(detokenizer?.push(token) ?? "") }
    }

    /// Adds a token. Returns the text that is complete with it, and whether a stop string ended the reply.
    mutating func push(_ token: Int32, stops: [String]) -> (chunk: ReplyChunk, isStopped: Bool) {
        var chunk = ReplyChunk(token: token)
        guard let text = detokenizer?.push(token) else { return (chunk, false) }
        let isStopped = add(pieces(of: text), stops: stops, to: &chunk)
        return (chunk, isStopped)
    }

    /// The text that was held back until the end of the reply; nil if there is none. A stop string ends the reply
    /// before it.
    mutating func finish(isStopped: Bool) -> ReplyChunk? {
        guard !isStopped else { return nil }
        var chunk = ReplyChunk()
        let rest = pieces(of: detokenizer?.finish() ?? "") + (splitter?.finish() ?? [])
        _ = add(rest, stops: [], to: &chunk)
        chunk.reasoning += reasoning.finish()
        chunk.text += answer.finish()
        return chunk.text.isEmpty && chunk.reasoning.isEmpty ? nil : chunk
    }

    private mutating func pieces(of text: String) -> [ReasoningSplitter.Piece] {
        splitter?.push(text) ?? (text.isEmpty ? [] : [.text(text)])
    }

    /// Adds text to a chunk. Returns whether a stop string ended it.
    private mutating func add(
        _ pieces: [ReasoningSplitter.Piece], stops: [String], to chunk: inout ReplyChunk
    ) -> Bool {
        for piece in pieces {
            let output: StopStringFilter.Output
            switch piece {
            case .reasoning(let text):
                output = reasoning.push(text, stops: impliedStops)
                chunk.reasoning += output.text
            case .text(let text):
                chunk.reasoning += reasoning.finish()
                output = answer.push(text, stops: stops + impliedStops)
                chunk.text += output.text
            }
            if output.stopped { return true }
        }
        return false
    }
}

extension Tokenizer {
    /// Control tokens that reasoning tags consist of: they have to be visible in the text that is searched for tags.
    fileprivate var reasoningMarks: Set<Int32> {
        let tokens = ReasoningTag.marks.flatMap { encode($0, parseSpecial: true) }
        return Set(tokens.filter { vocabulary.kind(of: $0) == .control && !endOfGeneration.contains($0) })
    }
}
