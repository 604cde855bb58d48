import JSON
import Replies

/// Reads the lines of a streamed chat (docs.ollama.com/api/chat).
struct OllamaReader: ReplyReader {
    private let service: String
    private let maxTokens: Int
    private var reply = ReplyText()
    /// Tokens whose text is held back by the server.
    private var waiting: [ReplyToken] = []
    private var isComplete = false

    init(service: String, maxTokens: Int) {
        self.service = service
        self.maxTokens = maxTokens
    }

    mutating func read(name: String?, _ data: JSONValue) throws(ServiceError) -> [ReplyPart] {
        guard let fields = data.object else { throw malformed("a line that is no object") }
        if let error = fields["error"], !error.isNull { throw failure(FailureReading.message(in: error) ?? "") }
        var parts = try message(fields)
        if fields["done"]?.bool == true { parts += end(fields) }
        return parts
    }

    mutating func finish(isDone: Bool) throws(ServiceError) -> [ReplyPart] {
        let rest = reply.finish()
        guard isComplete else { throw .cut(service: service) }
        return rest
    }

    private func malformed(_ detail: String) -> ServiceError { .malformed(service: service, detail: detail) }

    private func failure(_ message: String) -> ServiceError {
        message.lowercased().contains("context length")
            ? .tooLong(service: service, message: message) : .failed(service: service, message: message)
    }

    // MARK: -

    private mutating func message(_ fields: JSONObject) throws(ServiceError) -> [ReplyPart] {
        guard let value = fields["message"], !value.isNull else { return [] }
        guard let message = value.object else { throw malformed("a message that is no object") }
        let thinking = try text(message["thinking"])
        let content = try text(message["content"])
        waiting += try TokenLogprobs.tokens(fields["logprobs"], service: service)
        var parts: [ReplyPart] = []
        if !thinking.isEmpty {
            waiting = []
            parts += reply.add(reasoning: thinking)
        }
        if !content.isEmpty { parts += reply.add(content, tokens: tokens(of: content)) }
        return parts
    }

    private func text(_ value: JSONValue?) throws(ServiceError) -> String {
        guard let value, !value.isNull else { return "" }
        guard let text = value.string else { throw malformed("a text that is no string") }
        return text
    }

    /// The latest tokens, if they are exactly this text. Marks around reasoning are tokens without text; the server may
    /// also change the text of tokens.
    private mutating func tokens(of text: String) -> [ReplyToken] {
        defer { waiting = [] }
        var rest = text.utf8[...]
        for (index, token) in waiting.enumerated().reversed() {
            guard rest.suffix(token.chosen.bytes.count).elementsEqual(token.chosen.bytes) else { return [] }
            rest = rest.dropLast(token.chosen.bytes.count)
            if rest.isEmpty { return Array(waiting[index...]) }
        }
        return []
    }

    private mutating func end(_ fields: JSONObject) -> [ReplyPart] {
        isComplete = true
        var usage = Usage()
        usage.promptTokens = fields["prompt_eval_count"]?.count
        usage.generatedTokens = fields["eval_count"]?.count
        if let tokens = usage.generatedTokens, let nanoseconds = fields["eval_duration"]?.count, nanoseconds > 0 {
            usage.tokensPerSecond = Double(tokens) / Double(nanoseconds) * 1e9
        }
        return reply.finish() + [.usage(usage), .stop(stop(fields["done_reason"]?.string, usage.generatedTokens))]
    }

    /// "length" is both limits; a reply that is shorter than it may be has filled the context.
    private func stop(_ reason: String?, _ tokens: Int?) -> StopReason {
        guard reason == "length" else { return .endOfTurn }
        return tokens.map { $0 < maxTokens } ?? false ? .contextFull : .tokenLimit
    }
}
