import JSON
import Replies

/// Reads the events of a streamed message (platform.claude.com/docs/en/build-with-claude/streaming).
struct AnthropicReader: ReplyReader {
    private let service: String
    /// The thinking block that is being written.
    private var thinking: (text: String, signature: String)?
    /// The thinking blocks so far, as they have to be sent back.
    private var blocks: [JSONValue] = []
    private var input = InputTokens()
    private var isComplete = false

    init(service: String) { self.service = service }

    mutating func read(name: String?, _ data: JSONValue) throws(ServiceError) -> [ReplyPart] {
        guard let event = data.object else { throw malformed("an event that is no object") }
        switch event["type"]?.string ?? name {
        case "message_start": return usage(event["message"]?.object?["usage"])
        case "content_block_start": return try start(event["content_block"])
        case "content_block_delta": return try delta(event["delta"])
        case "content_block_stop": return endBlock()
        case "message_delta": return try messageDelta(event)
        case "message_stop":
            isComplete = true
            return []
        case "error": throw failure(event["error"] ?? data)
        // Pings, and what is yet to come.
        default: return []
        }
    }

    mutating func finish(isDone: Bool) throws(ServiceError) -> [ReplyPart] {
        guard isComplete else { throw .cut(service: service) }
        return []
    }

    private func malformed(_ detail: String) -> ServiceError { .malformed(service: service, detail: detail) }

    // MARK: Content

    private mutating func start(_ block: JSONValue?) throws(ServiceError) -> [ReplyPart] {
        guard let fields = block?.object else { throw malformed("a content block that is no object") }
        thinking = nil
        switch fields["type"]?.string {
        case "text": return text(fields["text"]?.string ?? "")
        case "thinking":
            let begin = fields["thinking"]?.string ?? ""
            thinking = (begin, fields["signature"]?.string ?? "")
            return reasoning(begin)
        case "redacted_thinking":
            blocks.append(.object(fields))
            return [.state(.array(blocks))]
        default: return []
        }
    }

    private mutating func delta(_ delta: JSONValue?) throws(ServiceError) -> [ReplyPart] {
        guard let fields = delta?.object else { throw malformed("a delta that is no object") }
        func string(_ name: String) throws(ServiceError) -> String {
            guard let text = fields[name]?.string else { throw malformed("a delta without \(name)") }
            return text
        }
        switch fields["type"]?.string {
        case "text_delta": return text(try string("text"))
        case "thinking_delta":
            let piece = try string("thinking")
            thinking?.text += piece
            return reasoning(piece)
        case "signature_delta":
            let piece = try string("signature")
            thinking?.signature += piece
            return []
        default: return []
        }
    }

    private func text(_ text: String) -> [ReplyPart] { text.isEmpty ? [] : [.text(text)] }

    private func reasoning(_ text: String) -> [ReplyPart] { text.isEmpty ? [] : [.reasoning(text)] }

    /// Only signed thinking is taken back.
    private mutating func endBlock() -> [ReplyPart] {
        defer { thinking = nil }
        guard let thinking, !thinking.signature.isEmpty else { return [] }
        blocks.append(
            .object([
                "type": .string("thinking"), "thinking": .string(thinking.text),
                "signature": .string(thinking.signature),
            ]))
        return [.state(.array(blocks))]
    }

    // MARK: The end

    private mutating func messageDelta(_ event: JSONObject) throws(ServiceError) -> [ReplyPart] {
        var parts = usage(event["usage"])
        guard let delta = event["delta"]?.object else { throw malformed("a message delta that is no object") }
        if let reason = delta["stop_reason"]?.string { parts.append(.stop(Self.stop(reason))) }
        if let explanation = delta["stop_details"]?.object?["explanation"]?.string {
            parts.append(.notice(ServiceError.line(explanation)))
        }
        return parts
    }

    private static func stop(_ reason: String) -> StopReason {
        switch reason {
        case "stop_sequence": .stopText
        case "max_tokens": .tokenLimit
        case "model_context_window_exceeded": .contextFull
        case "refusal": .refused
        case "pause_turn": .paused
        // "end_turn", "tool_use" (no tools are offered), and what is yet to come.
        default: .endOfTurn
        }
    }

    /// The tokens of a prompt are counted in three parts, and reported cumulatively.
    private struct InputTokens {
        var plain: Int?
        var read: Int?
        var written: Int?

        var sum: Int? { plain.map { $0 + (read ?? 0) + (written ?? 0) } }
    }

    private mutating func usage(_ value: JSONValue?) -> [ReplyPart] {
        guard let fields = value?.object else { return [] }
        input.plain = fields["input_tokens"]?.count ?? input.plain
        input.read = fields["cache_read_input_tokens"]?.count ?? input.read
        input.written = fields["cache_creation_input_tokens"]?.count ?? input.written
        var usage = Usage(promptTokens: input.sum, cachedTokens: input.read, cacheWriteTokens: input.written)
        usage.generatedTokens = fields["output_tokens"]?.count
        usage.reasoningTokens = fields["output_tokens_details"]?.object?["thinking_tokens"]?.count
        return [.usage(usage)]
    }

    /// What an error in the stream means; outside of one it would have a status.
    private func failure(_ error: JSONValue) -> ServiceError {
        let message = FailureReading.message(in: error) ?? ""
        switch error.object?["type"]?.string {
        case "overloaded_error": return busy(529, message)
        case "rate_limit_error": return busy(429, message)
        case "timeout_error": return busy(504, message)
        case "api_error": return busy(500, message)
        default: return .failed(service: service, message: message)
        }
    }

    private func busy(_ status: Int, _ message: String) -> ServiceError {
        .busy(service: service, status: status, message: message, retryAfter: nil)
    }
}
