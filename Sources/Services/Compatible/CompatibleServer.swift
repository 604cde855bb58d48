import Chat
import HTTP
import JSON

/// The programs behind compatible servers, as far as their requests differ. All others get only what OpenAI's own
/// protocol has, because some refuse a request with a field that they do not know (Groq, Gemini).
enum CompatibleServer: Sendable, Equatable {
    case unknown, llamaServer, vLLM, sglang, tensorRT, openRouter

    /// - Parameters:
    ///   - owner: `owned_by` of a model in its list.
    ///   - baseURL: of the server.
    init(owner: String?, baseURL: String) {
        switch owner {
        case "llamacpp": self = .llamaServer
        case "vllm": self = .vLLM
        case "sglang": self = .sglang
        case "tensorrt_llm": self = .tensorRT
        default:
            let host = HTTPOrigin(baseURL)?.host ?? ""
            self = host == "openrouter.ai" || host.hasSuffix(".openrouter.ai") ? .openRouter : .unknown
        }
    }

    var continuation: ChatRequest.Continuation {
        switch self {
        case .llamaServer: .always
        case .vLLM, .sglang:
            .fields([("continue_final_message", .bool(true)), ("add_generation_prompt", .bool(false))])
        case .unknown, .tensorRT, .openRouter: .impossible
        }
    }

    /// The settings that it takes beyond those of OpenAI's protocol.
    var ownSettings: Set<String> {
        switch self {
        case .unknown: []
        case .vLLM, .sglang, .tensorRT, .openRouter: ["top_k", "min_p", "repeat_penalty"]
        case .llamaServer: Self.llamaSettings
        }
    }

    /// Those of llama.cpp's samplers.
    static let llamaSettings: Set<String> = [
        "dynatemp_range", "dynatemp_exponent", "top_k", "min_p", "typical_p", "top_n_sigma", "xtc_probability",
        "xtc_threshold", "repeat_penalty", "repeat_last_n", "dry_multiplier", "dry_base", "dry_allowed_length",
        "dry_penalty_last_n", "dry_sequence_breakers", "mirostat", "mirostat_tau", "mirostat_eta", "reasoning_budget",
    ]

    /// The names of settings that the user has changed and that it does not take.
    func lacks(_ settings: GenerationSettings) -> [String] {
        let initial = GenerationSettings()
        let changed = SettingTable.rows.filter { $0.value(in: settings) != $0.value(in: initial) }
        return changed.map(\.command).filter { Self.llamaSettings.contains($0) && !ownSettings.contains($0) }
    }

    /// Whether the probabilities of tokens cost it next to nothing.
    var hasLogprobs: Bool { self == .llamaServer || self == .vLLM }

    /// Whether the request can set variables of the chat template.
    var hasTemplateVariables: Bool {
        switch self {
        case .llamaServer, .vLLM, .sglang, .tensorRT: true
        case .unknown, .openRouter: false
        }
    }
}

/// What is known of a server's models.
struct CompatibleModels: Sendable, Equatable {
    var server = CompatibleServer.unknown
    /// The context of each model in tokens.
    var contextLengths: [String: Int] = [:]
}
