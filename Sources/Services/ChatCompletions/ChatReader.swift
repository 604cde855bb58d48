import JSON
import Replies

/// Reads the chunks of a chat completion, with what servers add to OpenAI's: reasoning, progress, timings, costs.
///
/// Shapes: platform.openai.com/docs/api-reference/chat-streaming, llama.cpp's tools/server/README.md,
/// openrouter.ai/docs/api-reference/streaming, docs.mistral.ai/api.
struct ChatReader: ReplyReader {
    private let service: String
    private var notices: [String]
    private var text: ReplyText
    private var stop: StopReason?
    private var isRefusal = false
    private var tools = ToolNotices()

    /// - Parameters:
    ///   - service: its title.
    ///   - notices: what the user should know about the request.
    ///   - echo: the text that the service repeats before it continues it, if it does so.
    init(service: String, notices: [String] = [], echo: String? = nil) {
        self.service = service
        self.notices = notices
        text = ReplyText(echo: echo)
    }

    mutating func read(name: String?, _ data: JSONValue) throws(ServiceError) -> [ReplyPart] {
        guard let fields = data.object else { throw malformed("an event that is no object") }
        if let failure = StreamFailure.error(in: data, name: name, service: service) { throw failure }
        var parts = notices.map { ReplyPart.notice($0) }
        notices = []
        if let progress = fields["prompt_progress"]?.object { parts += prefill(progress) }
        if let choices = fields["choices"], !choices.isNull {
            guard let choices = choices.array else { throw malformed("choices are no list") }
            for choice in choices { parts += try read(choice: choice) }
        }
        if let usage = usage(fields) { parts.append(.usage(usage)) }
        return parts
    }

    mutating func finish(isDone: Bool) throws(ServiceError) -> [ReplyPart] {
        guard isDone || stop != nil else { throw .cut(service: service) }
        return text.finish() + (isRefusal ? [.stop(.refused)] : [])
    }

    private func malformed(_ detail: String) -> ServiceError { .malformed(service: service, detail: detail) }

    // MARK: Choices

    private mutating func read(choice: JSONValue) throws(ServiceError) -> [ReplyPart] {
        guard let fields = choice.object else { throw malformed("a choice that is no object") }
        guard fields["index"]?.integer ?? 0 == 0 else { return [] }
        var parts: [ReplyPart] = []
        let reason = try string(fields, "finish_reason")
        if let delta = fields["delta"], !delta.isNull {
            guard let delta = delta.object else { throw malformed("a delta that is no object") }
            parts += try read(delta: delta, logprobs: fields["logprobs"], isLast: reason != nil)
        }
        if let reason, !reason.isEmpty {
            let stop = try StopReason(reason, stopText: fields["stop_reason"]?.string, service: service)
            self.stop = stop
            parts.append(.stop(stop))
        }
        return parts
    }

    private mutating func read(
        delta: JSONObject, logprobs: JSONValue?, isLast: Bool
    ) throws(ServiceError) -> [ReplyPart] {
        var parts: [ReplyPart] = []
        var reasoning = try string(delta, "reasoning_content") ?? ""
        if reasoning.isEmpty { reasoning = try string(delta, "reasoning") ?? "" }
        if !reasoning.isEmpty { parts += text.add(reasoning: reasoning) }
        let content = try content(delta["content"])
        if !content.reasoning.isEmpty { parts += text.add(reasoning: content.reasoning) }
        var tokens = try TokenLogprobs.tokens(logprobs?.object?["content"], service: service)
        // The tokens of reasoning are not shown one by one, and the one that ends a reply adds no text.
        if !reasoning.isEmpty { tokens = [] }
        if isLast, content.text.isEmpty, let last = tokens.indices.last { tokens[last].chosen.isControl = true }
        if !content.text.isEmpty || !tokens.isEmpty { parts += text.add(content.text, tokens: tokens) }
        if let refusal = try string(delta, "refusal"), !refusal.isEmpty {
            isRefusal = true
            parts += text.add(refusal)
        }
        let calls = delta["tool_calls"]?.array ?? []
        return parts + calls.compactMap { tools.take($0.object?["function"]?.object?["name"]?.string) }
    }

    /// Content as a string, or as a list of parts with text and thinking (Mistral).
    private func content(_ value: JSONValue?) throws(ServiceError) -> (text: String, reasoning: String) {
        switch value {
        case nil, .null: return ("", "")
        case .string(let text): return (text, "")
        case .array(let items):
            var text = "", reasoning = ""
            for item in items {
                guard let fields = item.object else { throw malformed("a content part that is no object") }
                switch fields["type"]?.string {
                case "text": text += try string(fields, "text") ?? ""
                case "thinking": reasoning += try content(fields["thinking"]).text
                default: break
                }
            }
            return (text, reasoning)
        default: throw malformed("content that is no text")
        }
    }

    /// Text in a field; nil if it is missing or null.
    private func string(_ fields: JSONObject, _ name: String) throws(ServiceError) -> String? {
        switch fields[name] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw malformed("\(name) is no text")
        }
    }

    // MARK: Figures

    private func prefill(_ progress: JSONObject) -> [ReplyPart] {
        guard let total = progress["total"]?.count, let done = progress["processed"]?.count else { return [] }
        return [.prefill(done: min(done, total), total: total, cached: min(progress["cache"]?.count ?? 0, total))]
    }

    private func usage(_ fields: JSONObject) -> Usage? {
        var result = Usage()
        if let usage = fields["usage"]?.object {
            result.promptTokens = usage["prompt_tokens"]?.count
            result.generatedTokens = usage["completion_tokens"]?.count
            let prompt = usage["prompt_tokens_details"]?.object
            result.cachedTokens = prompt?["cached_tokens"]?.count
            result.cacheWriteTokens = prompt?["cache_write_tokens"]?.count
            result.reasoningTokens =
                (usage["completion_tokens_details"]?.object?["reasoning_tokens"] ?? usage["reasoning_tokens"])?.count
            // OpenRouter.
            result.dollars = usage["cost"]?.double.flatMap { $0 >= 0 ? $0 : nil }
        }
        if let timings = fields["timings"]?.object { result.merge(Usage(timings: timings)) }
        return result == Usage() ? nil : result
    }
}

extension Usage {
    /// From llama-server, which counts the prompt's cached tokens apart from the others.
    fileprivate init(timings: JSONObject) {
        self.init()
        cachedTokens = timings["cache_n"]?.count
        if let new = timings["prompt_n"]?.count, let cached = cachedTokens { promptTokens = new + cached }
        generatedTokens = timings["predicted_n"]?.count
        tokensPerSecond = timings["predicted_per_second"]?.double.flatMap { $0 > 0 ? $0 : nil }
    }
}

extension StopReason {
    /// A `finish_reason`, and the stop text that was generated if the server says so (vLLM's `stop_reason`).
    fileprivate init(_ reason: String, stopText: String?, service: String) throws(ServiceError) {
        switch reason {
        case "stop": self = stopText == nil ? .endOfTurn : .stopText
        case "stop_sequence": self = .stopText
        case "length": self = .tokenLimit
        case "model_length": self = .contextFull
        case "content_filter", "refusal": self = .refused
        case "abort": self = .interrupted
        case "error": throw .failed(service: service, message: "the reply could not be completed")
        default: self = .endOfTurn
        }
    }
}
