import Reasoning
import Replies

/// Puts the text of a reply together: takes the reasoning out of it if the service has left it there, and keeps tokens
/// with the text that they belong to.
struct ReplyText {
    private var splitter = ReasoningSplitter()
    /// The service separates the reasoning itself.
    private var isSeparated = false
    private var hasText = false
    /// Tokens whose text is held back.
    private var waiting: [ReplyToken] = []
    private var echo: Echo

    /// - Parameter echo: the text that the service repeats before it continues it, if it does so.
    init(echo: String? = nil) { self.echo = Echo(echo ?? "") }

    mutating func add(reasoning: String) -> [ReplyPart] {
        defer { isSeparated = true }
        // Of what is held back, blanks are not worth a line of their own before the reasoning.
        let held = isSeparated ? [] : splitter.finish().filter { !$0.isBlank }
        return parts(held) + [.reasoning(reasoning)]
    }

    mutating func add(_ text: String, tokens: [ReplyToken] = []) -> [ReplyPart] {
        let text = echo.take(text)
        waiting += tokens
        guard !isSeparated else { return parts([.text(text)]) }
        let tag = splitter.openTag
        let pieces = splitter.push(text)
        // The tokens of a tag and of the reasoning belong to no text.
        if splitter.openTag != tag || splitter.openTag != nil { waiting = [] }
        return parts(pieces)
    }

    /// What is held back when the reply ends.
    mutating func finish() -> [ReplyPart] {
        let rest = echo.finish()
        let last = parts(isSeparated ? [.text(rest)] : splitter.push(rest) + splitter.finish())
        defer { waiting = [] }
        return waiting.isEmpty ? last : last + [.tokens(waiting, text: "")]
    }

    private mutating func parts(_ pieces: [ReasoningSplitter.Piece]) -> [ReplyPart] {
        pieces.compactMap { piece in
            switch piece {
            case .reasoning(let text): return .reasoning(text)
            case .text(let text):
                // Some servers leave the blank lines between reasoning and answer in the answer.
                let text = isSeparated && !hasText ? String(text.drop(while: \.isWhitespace)) : text
                guard !text.isEmpty else { return nil }
                hasText = true
                defer { waiting = [] }
                return waiting.isEmpty ? .text(text) : .tokens(waiting, text: text)
            }
        }
    }
}

extension ReasoningSplitter.Piece {
    fileprivate var isBlank: Bool {
        switch self {
        case .text(let text), .reasoning(let text): text.allSatisfy(\.isWhitespace)
        }
    }
}

/// Removes a text from the beginning of a reply, if all of it is there.
private struct Echo {
    private let expected: [UInt8]
    private var held: [UInt8] = []
    private var isDone: Bool

    init(_ text: String) {
        expected = Array(text.utf8)
        isDone = expected.isEmpty
    }

    mutating func take(_ text: String) -> String {
        guard !isDone else { return text }
        held += text.utf8
        if held.starts(with: expected) {
            held.removeFirst(expected.count)
        } else if expected.starts(with: held) {
            return ""
        }
        return finish()
    }

    mutating func finish() -> String {
        isDone = true
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }
}
