import Chat
import JSON

/// The request to a compatible server, with the fields that its program is known to take.
struct CompatibleRequest {
    private var chat: ChatRequest
    private let server: CompatibleServer
    private let contextLength: Int?

    /// - Parameter contextLength: the model's, in tokens, if it is known.
    init(_ chat: ChatRequest, _ server: CompatibleServer, contextLength: Int? = nil) throws(ServiceError) {
        self.chat = chat
        self.server = server
        self.contextLength = contextLength
        try self.chat.setMessages(server.continuation)
        self.chat.setUsage()
        self.chat.setSampling()
        setThinking()
        setOwnSampling()
        if server.hasLogprobs { self.chat.setLogprobs() }
        if server == .llamaServer { self.chat.set("return_progress", .bool(true)) }
    }

    var call: ServiceCall { chat.call }

    private mutating func setThinking() {
        var isOn: Bool?
        switch chat.settings.thinking {
        case .auto: break
        case .on: isOn = true
        case .off: isOn = false
        }
        // It refuses to continue a reply that might have to begin with thinking.
        if server == .llamaServer, chat.isContinuation { isOn = false }
        guard let isOn else { return }
        if server.hasTemplateVariables {
            chat.set("chat_template_kwargs", .object(["enable_thinking": .bool(isOn)]))
        } else if server == .openRouter {
            chat.set("reasoning", .object(["enabled": .bool(isOn)]))
        } else {
            chat.set("reasoning_effort", .string(isOn ? "medium" : "none"))
        }
    }

    private mutating func setOwnSampling() {
        switch server {
        case .unknown: break
        case .llamaServer: setLlamaSampling()
        case .vLLM, .sglang, .tensorRT, .openRouter: setCommonSampling()
        }
    }

    /// Sent even if they are off, because servers take defaults from the model's files.
    private mutating func setCommonSampling() {
        let sampling = chat.settings.sampling
        chat.set("top_p", .real(sampling.topP))
        if sampling.topK > 0 || server != .openRouter {
            let off = server == .tensorRT ? 0 : -1
            chat.set("top_k", .integer(sampling.topK > 0 ? sampling.topK : off))
        }
        chat.set("min_p", .real(sampling.minP))
        if sampling.repeatPenalty != 1 { chat.set("repetition_penalty", .real(sampling.repeatPenalty)) }
    }

    /// All of llama.cpp's samplers. Those that are off are sent too: its defaults are not off.
    private mutating func setLlamaSampling() {
        let sampling = chat.settings.sampling
        let numbers: [(String, Float)] = [
            ("top_p", sampling.topP), ("min_p", sampling.minP), ("typical_p", sampling.typicalP),
            ("top_n_sigma", sampling.topNSigma > 0 ? sampling.topNSigma : -1),
            ("xtc_probability", sampling.xtcProbability), ("xtc_threshold", sampling.xtcThreshold),
            ("dynatemp_range", sampling.dynamicTemperatureRange),
            ("dynatemp_exponent", sampling.dynamicTemperatureExponent), ("repeat_penalty", sampling.repeatPenalty),
            ("dry_multiplier", sampling.dryMultiplier),
        ]
        for (name, value) in numbers { chat.set(name, .real(value)) }
        chat.set("top_k", .integer(sampling.topK))
        chat.set("repeat_last_n", lastTokens(sampling.repeatLastN))
        if sampling.dryMultiplier > 0 { setDry() }
        let budget = chat.settings.reasoningBudget
        if budget > 0 { chat.set("reasoning_budget_tokens", .integer(budget)) }
        chat.set("mirostat", .integer(sampling.mirostat.rawValue))
        if sampling.mirostat != .off {
            chat.set("mirostat_tau", .real(sampling.mirostatTau))
            chat.set("mirostat_eta", .real(sampling.mirostatEta))
        }
    }

    /// Newer versions refuse -1 for the whole context.
    private func lastTokens(_ count: Int) -> JSONValue { .integer(count < 0 ? contextLength ?? 65_536 : count) }

    private mutating func setDry() {
        let sampling = chat.settings.sampling
        chat.set("dry_base", .real(sampling.dryBase))
        chat.set("dry_allowed_length", .integer(sampling.dryAllowedLength))
        chat.set("dry_penalty_last_n", lastTokens(sampling.dryPenaltyLastN))
        if !sampling.drySequenceBreakers.isEmpty {
            chat.set("dry_sequence_breakers", .array(sampling.drySequenceBreakers.map { .string($0) }))
        }
    }
}
