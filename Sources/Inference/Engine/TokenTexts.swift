import Replies
import Sampling
import Tokenizers

/// The texts of tokens, each looked up once.
struct TokenTexts {
    private let tokenizer: Tokenizer?
    private var known: [Int32: Text] = [:]

    private struct Text {
        var bytes: [UInt8]
        var isControl: Bool
    }

    init(_ tokenizer: Tokenizer?) { self.tokenizer = tokenizer }

    /// A token of a reply with the texts of its alternatives.
    mutating func token(_ report: TokenReport) -> ReplyToken {
        ReplyToken(chosen: choice(report.chosen), alternatives: report.alternatives.map { choice($0) })
    }

    private mutating func choice(_ probabilities: TokenProbabilities) -> TokenChoice {
        let token = probabilities.token
        let text = known[token] ?? lookUp(token)
        known[token] = text
        return TokenChoice(
            id: token, bytes: text.bytes, isControl: text.isControl, before: probabilities.before,
            after: probabilities.after)
    }

    private func lookUp(_ token: Int32) -> Text {
        guard let tokenizer else { return Text(bytes: [], isControl: true) }
        let bytes = tokenizer.bytes(of: token)
        guard bytes.isEmpty else { return Text(bytes: bytes, isControl: false) }
        return Text(bytes: tokenizer.bytes(of: token, special: true), isControl: true)
    }
}
