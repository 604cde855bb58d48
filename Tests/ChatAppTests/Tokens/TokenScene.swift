import Chat
import ChatApp
import Foundation
import Replies
import Sampling
import TUI

/// Tokens as an engine would report them.
extension Scene {
    static let words = [
        "Start", " early", " at", " Fush", "imi", " In", "ari", ",", " before", " the", " crowds", ".", "\n", "\n",
        "Then",
        " 清", "水", "寺", " \u{1B}[31m", " \t",
    ]

    /// A token with three alternatives, whose probabilities vary along the reply.
    static func token(_ index: Int, text: String? = nil) -> ReplyToken {
        let likely: [Float] = [0.97, 0.62, 0.31, 0.12, 0.03]
        let before = likely[index % likely.count]
        let rest = 1 - before
        let chosen = TokenChoice(
            id: Int32(index), bytes: Array((text ?? words[index % words.count]).utf8), before: before,
            after: min(1, before * 1.2))
        let others = [(" late", 0.5), (" soon", 0.3), ("\n", 0.001)].enumerated().map { number, other in
            TokenChoice(
                id: Int32(1000 + number), bytes: Array(other.0.utf8), before: rest * Float(other.1),
                after: number == 0 ? 1 - min(1, before * 1.2) : 0)
        }
        return ReplyToken(chosen: chosen, alternatives: ([chosen] + others).sorted { $0.before > $1.before })
    }

    static let end = ReplyToken(
        chosen: TokenChoice(id: 2, bytes: Array("<|im_end|>".utf8), isControl: true, before: 0.8, after: 1),
        alternatives: [
            TokenChoice(id: 2, bytes: Array("<|im_end|>".utf8), isControl: true, before: 0.8, after: 1),
            TokenChoice(id: 7, bytes: Array(" And".utf8), before: 0.1, after: 0),
        ])

    /// Streams tokens into the running reply, as the local engine does.
    mutating func streamTokens(_ range: Range<Int>) {
        guard let id = state.session.reply?.id else { return }
        if case .streaming = state.session.reply?.phase {
        } else {
            send(.reply(id, .started(seed: 42, fingerprint: nil)))
        }
        for index in range {
            wait(0.005)
            let token = Self.token(index)
            send(.reply(id, .token(token, text: String(decoding: token.chosen.bytes, as: UTF8.self))))
        }
    }

    /// A question with a reply whose tokens are known.
    mutating func talkInTokens(_ count: Int = 20) {
        enter("What is a good first day in Kyoto?")
        streamTokens(0..<count)
        if let id = state.session.reply?.id { send(.reply(id, .token(Self.end))) }
        finish(tokens: count)
    }

    /// A distribution of the next token over forty tokens, the earlier the likelier.
    static func nextToken(_ settings: SamplingSettings = SamplingSettings(), shift: Int = 0) -> NextToken {
        let logits = (0..<40).map { 6 - 0.4 * Float(($0 + shift) % 40) }
        let vocabulary = BreakerVocabulary(
            count: 40, bytes: { Array(words[Int($0) % words.count].utf8) }, encode: { $0.map { Int32($0) } })
        let chain = SamplerChain(settings: settings, seed: 1, vocabularyCount: 40, breakers: vocabulary)
        return logits.withUnsafeBufferPointer { chain.snapshot(logits: $0) }
    }
}

extension [Effect] {
    var inspections: [InspectionStart] { compactMap { if case .inspect(let start) = $0 { start } else { nil } } }
    var replies: [ReplyStart] { compactMap { if case .startReply(let start) = $0 { start } else { nil } } }
}
