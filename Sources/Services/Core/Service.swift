import Chat
import HTTP

/// A service that runs models, and how to reach it.
public struct Service: Sendable, Equatable {
    /// The registry id: the kind's own, or the name that `providers.json` gives.
    public var id: String
    public var kind: ServiceKind
    /// Without a slash at the end, such as "https://api.openai.com/v1".
    public var baseURL: String
    public var key: KeySource

    public init(id: String, kind: ServiceKind, baseURL: String, key: KeySource = .none) {
        self.id = id
        self.kind = kind
        self.baseURL = kind.base(baseURL)
        self.key = key
    }

    /// As people write it: "Anthropic", or the name in `providers.json`.
    public var title: String { id == kind.rawValue ? kind.title : id }

    public var origin: HTTPOrigin? { HTTPOrigin(baseURL) }

    /// Where the user sets the key.
    var keyHint: String {
        switch key {
        case .environment(let variable): variable
        case .command: "the key's command in providers.json"
        case .literal: "its key in providers.json"
        case .none: (id == kind.rawValue ? kind.traits.key.variable : nil) ?? "its key in providers.json"
        }
    }

    public var place: ProviderProfile.Place {
        guard let origin else { return .remote(baseURL) }
        return origin.isLoopback ? .thisComputer(origin.text) : .remote(origin.text)
    }
}

/// The kinds of services, by the name that `providers.json` uses.
public enum ServiceKind: String, Sendable, CaseIterable {
    case openai, anthropic, mistral, ollama, lmstudio
    /// Any server that speaks OpenAI's chat completions: llama-server, vLLM, SGLang, TensorRT-LLM, Groq, OpenRouter …
    case compatible = "openai-compatible"

    public var title: String { traits.title }
}
