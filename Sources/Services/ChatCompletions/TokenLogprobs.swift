import Foundation
import JSON
import Replies

/// Reads the log probabilities of tokens as OpenAI, llama-server and vLLM write them:
///
///     {"token": "Hi", "bytes": [72, 105], "logprob": -0.1, "top_logprobs": [{"token": …, "bytes": …, "logprob": …}]}
enum TokenLogprobs {
    /// How many alternatives are asked for.
    static let alternatives = 5
    /// More are not read: no service offers more than 20.
    private static let limit = 20

    /// - Parameter list: nil and null are no tokens.
    static func tokens(_ list: JSONValue?, service: String) throws(ServiceError) -> [ReplyToken] {
        guard let list, !list.isNull else { return [] }
        guard let items = list.array else { throw .malformed(service: service, detail: "logprobs are no list") }
        var tokens: [ReplyToken] = []
        for item in items {
            guard let chosen = choice(item) else { throw .malformed(service: service, detail: "a token without text") }
            let others = item.object?["top_logprobs"]?.array ?? []
            tokens.append(ReplyToken(chosen: chosen, alternatives: others.prefix(limit).compactMap(choice)))
        }
        return tokens
    }

    private static func choice(_ item: JSONValue) -> TokenChoice? {
        guard let text = item.object?["token"]?.string else { return nil }
        let numbers = item.object?["bytes"]?.array?.map { $0.integer.flatMap(UInt8.init(exactly:)) }
        let bytes = numbers.flatMap { $0.contains(nil) ? nil : $0.compactMap(\.self) } ?? Array(text.utf8)
        // Null means that it is too unlikely for a number.
        let probability = item.object?["logprob"]?.double.map { Float(max(0, min(1, exp($0)))) } ?? 0
        return TokenChoice(id: TokenChoice.unknownID, bytes: bytes, before: probability, after: probability)
    }
}
