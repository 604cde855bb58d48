import Chat
import JSON
import Replies

/// Builds the body of a `/chat/completions` request.
///
/// The fields that every service has are in platform.openai.com/docs/api-reference/chat/create; services add their own.
struct ChatRequest {
    /// How a service continues a last message by the assistant.
    enum Continuation {
        case impossible
        /// It does so with every such message.
        case always
        /// It does so if the message has this mark (Mistral).
        case mark(String)
        /// It does so if the request has these fields.
        case fields([(name: String, value: JSONValue)])
    }

    let settings: GenerationSettings
    let provider: String
    let isContinuation: Bool
    private(set) var body: RequestBody
    private let request: ReplyRequest
    private let support: SettingSupport

    init(_ request: ReplyRequest, provider: String, support: SettingSupport, without refused: Set<String>) {
        self.request = request
        self.provider = provider
        self.support = support
        settings = support.clamped(request.settings.current)
        isContinuation = request.continuedText != nil
        body = RequestBody(without: refused)
        body.set("model", .string(request.model.name))
        body.set("stream", .bool(true))
    }

    var call: ServiceCall { ServiceCall(path: "/chat/completions", body: body.json, framing: .events) }

    mutating func set(_ name: String, _ value: JSONValue?) { body.set(name, value) }

    /// - Parameter systemRole: "developer" for OpenAI's models that reason.
    mutating func setMessages(systemRole: String = "system", _ continuation: Continuation) throws(ServiceError) {
        var turns = try Turn.list(request, provider: provider)
        if let system = request.system, !system.isEmpty { turns.insert(Turn(role: .system, text: system), at: 0) }
        var messages = Turn.joined(turns).map { turn -> JSONObject in
            let role = turn.role == .system ? systemRole : turn.role.rawValue
            return ["role": .string(role), "content": .string(turn.text)]
        }
        if isContinuation { try mark(&messages, continuation) }
        body.set("messages", .array(messages.map { .object($0) }))
    }

    private mutating func mark(_ messages: inout [JSONObject], _ continuation: Continuation) throws(ServiceError) {
        switch continuation {
        case .impossible:
            throw .impossible(
                service: ServiceKind.title(of: provider), reason: "this model cannot continue an unfinished reply")
        case .always: break
        case .mark(let name): messages[messages.count - 1][name] = .bool(true)
        case .fields(let fields): for field in fields { body.set(field.name, field.value) }
        }
    }

    /// Asks for the token counts, which streams otherwise lack.
    mutating func setUsage() { body.set("stream_options", .object(["include_usage": .bool(true)])) }

    /// Asks for the probabilities of each token and its likeliest alternatives.
    mutating func setLogprobs() {
        guard !body.isRefused("logprobs") else { return }
        body.set("logprobs", .bool(true))
        body.set("top_logprobs", .integer(TokenLogprobs.alternatives))
    }

    /// OpenAI's settings, as far as the service has them. Temperature has no value that is off; the others are sent if
    /// they are on.
    ///
    /// - Parameters:
    ///   - limit: the field for the maximum length. Services know the old name, the new one, or both: the other one is
    ///     used after a refusal.
    ///   - seed: the field for the seed.
    ///   - stops: how many stop texts the service takes.
    mutating func setSampling(limit: String = "max_tokens", seed: String = "seed", stops: Int = .max) {
        let sampling = settings.sampling
        body.set("temperature", .real(sampling.temperature))
        if sampling.topP < 1 { body.set("top_p", .real(sampling.topP)) }
        setLimit(limit)
        if !settings.stop.isEmpty { body.set("stop", .array(settings.stop.prefix(stops).map { .string($0) })) }
        setPenalties()
        // Seeds are signed numbers at the services.
        if let value = sampling.seed { body.set(seed, .integer(value & UInt64(Int64.max))) }
        let hasBiases = SettingTable.rows.contains { $0.command == "logit_bias" && support.isAvailable($0) }
        if hasBiases { setBiases() }
    }

    mutating func setLimit(_ name: String) {
        let other = name == "max_tokens" ? "max_completion_tokens" : "max_tokens"
        body.set(body.isRefused(name) ? other : name, .integer(settings.maxTokens))
    }

    private mutating func setPenalties() {
        let sampling = settings.sampling
        if sampling.presencePenalty != 0 { body.set("presence_penalty", .real(sampling.presencePenalty)) }
        if sampling.frequencyPenalty != 0 { body.set("frequency_penalty", .real(sampling.frequencyPenalty)) }
    }

    /// By token id. Minus a hundred bans a token.
    private mutating func setBiases() {
        let biases = settings.sampling.logitBias
        guard !biases.isEmpty else { return }
        let fields = biases.sorted { $0.key < $1.key }.map { (name: "\($0.key)", value: $0.value) }
        body.set(
            "logit_bias",
            .object(JSONObject(fields.map { (name: $0.name, value: .real(max(-100, min(100, $0.value)))) })))
    }
}

extension ReplyRequest {
    /// The unfinished reply that is to be continued where it ends; nil for a new reply.
    var continuedText: String? {
        let last = messages.last { !$0.promptText.isEmpty }
        return last?.role == .assistant ? last?.promptText : nil
    }
}
