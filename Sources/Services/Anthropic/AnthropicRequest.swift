import Chat
import JSON
import Replies
import Sampling

/// The body of a request for a reply.
struct AnthropicRequest {
    private let request: ReplyRequest
    private let settings: GenerationSettings
    private let model: AnthropicModel
    private let turns: [Turn]
    private let refused: Set<String>

    /// The least budget that the service takes, and the one for "think first" without a limit.
    private static let budgets = (least: 1024, usual: 4096)
    /// In `refused`: signed thinking of earlier replies, which the service may no longer accept.
    static let earlierThinking = "earlier thinking"

    init(_ request: ReplyRequest, provider: String, without refused: Set<String>) throws(ServiceError) {
        self.request = request
        self.refused = refused
        settings = AnthropicWire.support.clamped(request.settings.current)
        model = AnthropicModel(request.model.name)
        // The service refuses text that is only white space.
        turns = try Turn.list(request, provider: provider).filter { !$0.text.allSatisfy(\.isWhitespace) }
        if isContinuation, !model.continues {
            throw .impossible(
                service: ServiceKind.title(of: provider),
                reason: "\(model.name) cannot continue a reply; ask it to go on in a message of your own")
        }
        if Self.words(turns).isEmpty {
            throw .impossible(service: ServiceKind.title(of: provider), reason: "there is no message to reply to")
        }
    }

    private var isContinuation: Bool { Self.words(turns).last?.role == .assistant }

    /// The turns with the alternation that the service wants, without the system's.
    private static func words(_ turns: [Turn]) -> [Turn] { Turn.joined(turns.filter { $0.role != .system }) }

    var body: JSONValue {
        var fields: JSONObject = [
            "model": .string(request.model.name), "stream": .bool(true), "messages": .array(messages),
        ]
        let thinking = thinking
        var maxTokens = settings.maxTokens
        if case .enabled(let budget) = thinking { maxTokens += budget }
        fields["max_tokens"] = .integer(maxTokens)
        fields["thinking"] = thinking.json
        if let system { fields["system"] = system }
        if !settings.stop.isEmpty { fields["stop_sequences"] = .array(settings.stop.map { .string($0) }) }
        if model.takesSampling, !thinking.isOn { addSampling(to: &fields) }
        for name in refused { fields[name] = nil }
        return .object(fields)
    }

    // MARK: Settings

    /// Models that take temperature or top-p get the temperature, unless only top-p was changed.
    private func addSampling(to fields: inout JSONObject) {
        let (sampling, usual) = (settings.sampling, SamplingSettings())
        let isAboutTopP = sampling.temperature == usual.temperature && sampling.topP != usual.topP && sampling.topP < 1
        if model.takesBoth || !isAboutTopP { fields["temperature"] = .real(sampling.temperature) }
        if (model.takesBoth || isAboutTopP) && sampling.topP < 1 { fields["top_p"] = .real(sampling.topP) }
        if sampling.topK > 0 { fields["top_k"] = .integer(sampling.topK) }
    }

    private enum ThinkingForm {
        /// Nothing is sent: the model's default.
        case usual
        case disabled, adaptive
        case enabled(budget: Int)

        var isOn: Bool {
            switch self {
            case .usual, .disabled: false
            case .adaptive, .enabled: true
            }
        }

        var json: JSONValue? {
            switch self {
            case .usual: nil
            case .disabled: .object(["type": .string("disabled")])
            // Newer models think in silence unless they are asked for a summary.
            case .adaptive: .object(["type": .string("adaptive"), "display": .string("summarized")])
            case .enabled(let budget): .object(["type": .string("enabled"), "budget_tokens": .integer(budget)])
            }
        }
    }

    private var thinking: ThinkingForm {
        switch settings.thinking {
        case .auto: return .usual
        // Thinking is off by default in these models, so nothing has to be sent to turn it off.
        case .off: return model.isAdaptive && !refused.contains("thinking.type.disabled") ? .disabled : .usual
        case .on:
            // A reply that has begun has been thought about.
            if isContinuation { return .usual }
            let wantsBudget = settings.reasoningBudget > 0 && model.takesBudget
            let first = model.isAdaptive && !wantsBudget ? "adaptive" : "enabled"
            let second = first == "adaptive" ? "enabled" : "adaptive"
            for form in [first, second] where !refused.contains("thinking.type.\(form)") {
                return form == "adaptive" ? .adaptive : .enabled(budget: budget)
            }
            return .usual
        }
    }

    private var budget: Int {
        settings.reasoningBudget > 0 ? max(Self.budgets.least, settings.reasoningBudget) : Self.budgets.usual
    }

    // MARK: Messages

    /// Marked for the prompt cache, as is the last message before the newest: what comes before a mark is read from the
    /// cache the next time, and what is new is not in it yet.
    private var system: JSONValue? {
        let texts = [request.system ?? ""] + turns.filter { $0.role == .system }.map(\.text)
        let text = texts.filter { !$0.allSatisfy(\.isWhitespace) }.joined(separator: "\n\n")
        return text.isEmpty ? nil : .array([block(text, isMarked: true)])
    }

    private var messages: [JSONValue] {
        let turns = Self.words(turns)
        let users = turns.indices.filter { turns[$0].role == .user }
        let marked = users.count > 1 ? users[users.count - 2] : nil
        return turns.indices.map { index in
            let turn = turns[index]
            let isLast = index == turns.count - 1 && turn.role == .assistant
            // White space at the end of a reply to be continued is refused.
            let text = isLast ? turn.text.trimmingTrailingWhitespace : turn.text
            // Where thinking is over, thinking in the last message is refused.
            let blocks = isLast || turn.role == .user ? [] : earlierThinking(turn.state)
            let content = blocks + [block(text, isMarked: index == marked)]
            return .object(["role": .string(turn.role.rawValue), "content": .array(content)])
        }
    }

    /// The thinking blocks of an earlier reply, exactly as they came.
    private func earlierThinking(_ state: String?) -> [JSONValue] {
        guard let state, !refused.contains(Self.earlierThinking), let blocks = (try? JSONReader.read(state))?.array
        else { return [] }
        let kinds: Set<String> = ["thinking", "redacted_thinking"]
        return blocks.filter { kinds.contains($0.object?["type"]?.string ?? "") }
    }

    private func block(_ text: String, isMarked: Bool) -> JSONValue {
        var fields: JSONObject = ["type": .string("text"), "text": .string(text)]
        if isMarked, !refused.contains("cache_control") {
            fields["cache_control"] = .object(["type": .string("ephemeral")])
        }
        return .object(fields)
    }

    // MARK: Refusals

    /// What a 400 complains about, if the request works without it:
    ///
    ///     `temperature` is deprecated for this model.
    ///     `temperature` and `top_p` cannot both be specified for this model.
    ///     "thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" …
    ///     messages.1.content.0: Invalid `signature` in `thinking` block
    ///     The block is bound to a different conversation
    static func refusedParameter(in error: JSONValue) -> String? {
        guard let message = FailureReading.message(in: error)?.lowercased() else { return nil }
        if message.contains("signature") || message.contains("bound to a different conversation") {
            return earlierThinking
        }
        if message.contains("both"), message.contains("top_p") { return "top_p" }
        let isRefusal = ["not support", "deprecated", "unsupported", "not permitted", "not allowed"]
            .contains { message.contains($0) }
        guard isRefusal || message.contains("stop_sequences") else { return nil }
        let names = [
            "thinking.type.enabled", "thinking.type.disabled", "thinking.type.adaptive", "temperature", "top_p",
            "top_k",
            "stop_sequences", "cache_control",
        ]
        // The first one named: a later one may be what is recommended.
        let places = names.compactMap { name in message.firstRange(of: name).map { (name, $0.lowerBound) } }
        if let name = places.min(by: { $0.1 < $1.1 })?.0 { return name }
        return message.hasPrefix("adaptive thinking") ? "thinking.type.adaptive" : nil
    }
}

extension String {
    fileprivate var trimmingTrailingWhitespace: String {
        var text = self[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
