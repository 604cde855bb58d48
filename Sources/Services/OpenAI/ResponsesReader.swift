import JSON
import Replies

/// Reads the events of OpenAI's Responses API. (platform.openai.com/docs/api-reference/responses-streaming)
struct ResponsesReader: ReplyReader {
    /// More reasoning items than this are not kept; a reply has a handful.
    private static let itemLimit = 200

    private let service: String
    private var notices: [String]
    /// The reasoning items, as later requests send them back.
    private var items: [JSONValue] = []
    private var hasText = false
    private var hasReasoning = false
    /// Whether the next text or reasoning begins a paragraph.
    private var breaksText = false
    private var breaksReasoning = false
    private var tools = ToolNotices()
    private var isRefusal = false
    private var isComplete = false

    init(service: String, notices: [String] = []) {
        self.service = service
        self.notices = notices
    }

    mutating func read(name: String?, _ data: JSONValue) throws(ServiceError) -> [ReplyPart] {
        guard let event = data.object else { throw .malformed(service: service, detail: "an event that is no object") }
        if let failure = StreamFailure.error(in: data, name: name, service: service) { throw failure }
        let first = notices.map { ReplyPart.notice($0) }
        notices = []
        return first + (try read(event["type"]?.string ?? name ?? "", event))
    }

    mutating func finish(isDone: Bool) throws(ServiceError) -> [ReplyPart] {
        guard isComplete else { throw .cut(service: service) }
        return []
    }

    private mutating func read(_ type: String, _ event: JSONObject) throws(ServiceError) -> [ReplyPart] {
        switch type {
        case "response.output_item.added": return begin(event["item"]?.object ?? [:])
        case "response.content_part.added":
            breaksText = hasText
            return []
        case "response.output_item.done": return end(event["item"]?.object ?? [:])
        case "response.output_text.delta": return try text(event)
        case "response.refusal.delta":
            isRefusal = true
            return try text(event)
        case "response.reasoning_summary_part.added":
            breaksReasoning = hasReasoning
            return []
        case "response.reasoning_summary_text.delta", "response.reasoning_text.delta": return try reasoning(event)
        case "response.completed", "response.incomplete", "response.failed":
            return try complete(type, event["response"]?.object ?? [:])
        default: return []
        }
    }

    // MARK: Text

    private func delta(_ event: JSONObject) throws(ServiceError) -> String {
        guard let delta = event["delta"]?.string else {
            throw .malformed(service: service, detail: "a delta that is no text")
        }
        return delta
    }

    private mutating func text(_ event: JSONObject) throws(ServiceError) -> [ReplyPart] {
        let text = try delta(event)
        let tokens = try TokenLogprobs.tokens(event["logprobs"], service: service)
        guard !text.isEmpty || !tokens.isEmpty else { return [] }
        let gap: [ReplyPart] = breaksText ? [.text("\n\n")] : []
        breaksText = false
        hasText = true
        return gap + [tokens.isEmpty ? .text(text) : .tokens(tokens, text: text)]
    }

    private mutating func reasoning(_ event: JSONObject) throws(ServiceError) -> [ReplyPart] {
        let text = try delta(event)
        guard !text.isEmpty else { return [] }
        defer { (hasReasoning, breaksReasoning) = (true, false) }
        return [.reasoning(breaksReasoning ? "\n\n" + text : text)]
    }

    // MARK: Items

    private mutating func begin(_ item: JSONObject) -> [ReplyPart] {
        switch item["type"]?.string {
        case "reasoning": breaksReasoning = hasReasoning
        case "function_call", "custom_tool_call":
            return [tools.take(item["name"]?.string)].compactMap(\.self)
        default: break
        }
        return []
    }

    /// Keeps what identifies a reasoning item and its encrypted content. Without that nobody could read it again.
    private mutating func end(_ item: JSONObject) -> [ReplyPart] {
        guard item["type"]?.string == "reasoning", item["encrypted_content"]?.string != nil,
            items.count < Self.itemLimit
        else { return [] }
        let kept = ["type", "id", "summary", "encrypted_content"].compactMap { name in
            item[name].map { (name: name, value: $0) }
        }
        items.append(.object(JSONObject(kept)))
        return [.state(.array(items))]
    }

    // MARK: End

    private mutating func complete(_ type: String, _ response: JSONObject) throws(ServiceError) -> [ReplyPart] {
        if type == "response.failed" {
            throw StreamFailure.failure(response["error"] ?? .null, service)
        }
        isComplete = true
        let usage = Usage(responses: response["usage"]?.object ?? [:])
        let counts: [ReplyPart] = usage == Usage() ? [] : [.usage(usage)]
        let reason = response["incomplete_details"]?.object?["reason"]?.string
        return counts + [.stop(isRefusal ? .refused : Self.stop(type == "response.incomplete" ? reason ?? "" : nil))]
    }

    /// - Parameter reason: why the response is incomplete; nil if it is complete.
    private static func stop(_ reason: String?) -> StopReason {
        switch reason {
        case nil: .endOfTurn
        case "max_output_tokens": .tokenLimit
        case "content_filter": .refused
        default: .interrupted
        }
    }
}

extension Usage {
    fileprivate init(responses usage: JSONObject) {
        self.init()
        let input = usage["input_tokens_details"]?.object
        promptTokens = usage["input_tokens"]?.count
        cachedTokens = input?["cached_tokens"]?.count
        cacheWriteTokens = input?["cache_write_tokens"]?.count
        generatedTokens = usage["output_tokens"]?.count
        reasoningTokens = usage["output_tokens_details"]?.object?["reasoning_tokens"]?.count
    }
}
