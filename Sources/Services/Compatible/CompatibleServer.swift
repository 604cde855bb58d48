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
