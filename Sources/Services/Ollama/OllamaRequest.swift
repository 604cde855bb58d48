import Chat
import JSON
import Replies

/// The body of a request for a reply.
struct OllamaRequest {
    private let request: ReplyRequest
    private let settings: GenerationSettings
    private let turns: [Turn]
    private let refused: Set<String>

    init(_ request: ReplyRequest, provider: String, without refused: Set<String>) throws(ServiceError) {
        self.request = request
        self.refused = refused
        settings = OllamaWire.support.clamped(request.settings.current)
        var turns = try Turn.list(request, provider: provider)
        if let system = request.system, !system.isEmpty { turns.insert(Turn(role: .system, text: system), at: 0) }
        self.turns = Turn.joined(turns)
    }

    /// A request that only loads the model, with the context that the reply will need.
    static func loading(_ request: ReplyRequest) -> JSONValue {
        var fields: JSONObject = [
            "model": .string(request.model.name), "messages": .array([]), "stream": .bool(false),
        ]
        let length = OllamaWire.support.clamped(request.settings.current).contextLength
        if length > 0 { fields["options"] = .object(["num_ctx": .integer(length)]) }
        return .object(fields)
    }

    /// Neither the prompt may be cut to fit, nor may the oldest messages be forgotten while the reply grows: newer
    /// servers refuse the one and end the other. Fields that a server does not know are ignored.
    var body: JSONValue {
        let messages = turns.map { turn -> JSONValue in
            .object(["role": .string(turn.role.rawValue), "content": .string(turn.text)])
        }
        var fields: JSONObject = [
            "model": .string(request.model.name), "messages": .array(messages), "stream": .bool(true),
            "truncate": .bool(false), "shift": .bool(false), "logprobs": .bool(true),
            "top_logprobs": .integer(TokenLogprobs.alternatives), "options": options,
        ]
        switch settings.thinking {
        case .auto: break
        case .on: fields["think"] = .bool(true)
        case .off: fields["think"] = .bool(false)
        }
        for name in refused { fields[name] = nil }
        return .object(fields)
    }

    /// All of them, because the server's own defaults differ: what is not sent would not be what the settings show.
    private var options: JSONValue {
        let sampling = settings.sampling
        var fields: JSONObject = [
            "temperature": .real(sampling.temperature), "top_k": .integer(sampling.topK), "top_p": .real(sampling.topP),
            "min_p": .real(sampling.minP), "typical_p": .real(sampling.typicalP),
            "repeat_last_n": .integer(sampling.repeatLastN), "repeat_penalty": .real(sampling.repeatPenalty),
            "presence_penalty": .real(sampling.presencePenalty),
            "frequency_penalty": .real(sampling.frequencyPenalty), "num_predict": .integer(settings.maxTokens),
        ]
        // The engine's seeds have 32 bits and a sign that means "random".
        if let seed = sampling.seed { fields["seed"] = .integer(seed & 0x7FFF_FFFF) }
        if !settings.stop.isEmpty { fields["stop"] = .array(settings.stop.map { .string($0) }) }
        if settings.contextLength > 0 { fields["num_ctx"] = .integer(settings.contextLength) }
        return .object(fields)
    }
}
