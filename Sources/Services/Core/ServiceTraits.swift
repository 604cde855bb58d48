/// What sets a kind of service apart, one row a kind: a new one is its case in `ServiceKind`, its row here, and its
/// folder.
struct ServiceTraits: Sendable {
    /// As people write it.
    var title: String
    var address: Address
    var key: Key
    /// How it speaks.
    var wire: @Sendable () -> any WireProtocol

    /// Where it is unless `providers.json` says otherwise.
    struct Address: Sendable {
        /// The environment variable for another address.
        var variable: String?
        var usual: String
        /// How to read the variable.
        var read: @Sendable (String) -> String = { $0 }
        var ending: Ending
    }

    /// What completes an address to the base of the kind's paths.
    enum Ending: Sendable {
        /// A bare host gets "/v1".
        case version
        /// People copy the address of any of a server's interfaces; these are removed, the longest first.
        case none(interfaces: [String])
    }

    enum Key: Sendable {
        case none
        /// In this variable; without one, nothing works.
        case variable(String)
        /// Only if the variable is set, because most servers ask for none.
        case ifSet(String)
        /// Only for this host and those below it.
        case atHost(String, variable: String)

        /// The variable to name to a user whose key is missing or wrong.
        var variable: String? {
            switch self {
            case .none, .atHost: nil
            case .variable(let name), .ifSet(let name): name
            }
        }
    }
}

extension ServiceKind {
    var traits: ServiceTraits {
        switch self {
        case .openai:
            ServiceTraits(
                title: "OpenAI",
                address: .init(variable: "OPENAI_BASE_URL", usual: "https://api.openai.com/v1", ending: .version),
                key: .variable("OPENAI_API_KEY"), wire: { OpenAIWire() })
        case .anthropic:
            ServiceTraits(
                title: "Anthropic",
                address: .init(
                    variable: "ANTHROPIC_BASE_URL", usual: "https://api.anthropic.com",
                    ending: .none(interfaces: ["/v1"])),
                key: .variable("ANTHROPIC_API_KEY"), wire: { AnthropicWire() })
        case .mistral:
            ServiceTraits(
                title: "Mistral",
                address: .init(variable: "MISTRAL_BASE_URL", usual: "https://api.mistral.ai/v1", ending: .version),
                key: .variable("MISTRAL_API_KEY"), wire: { MistralWire() })
        case .ollama:
            ServiceTraits(
                title: "Ollama",
                address: .init(
                    variable: "OLLAMA_HOST", usual: OllamaHost.address(nil), read: { OllamaHost.address($0) },
                    ending: .none(interfaces: ["/api", "/v1"])),
                key: .atHost("ollama.com", variable: "OLLAMA_API_KEY"), wire: { OllamaWire() })
        case .lmstudio:
            ServiceTraits(
                title: "LM Studio",
                address: .init(
                    variable: "LMSTUDIO_BASE_URL", usual: "http://127.0.0.1:1234", read: { BaseAddress.withScheme($0) },
                    ending: .none(interfaces: ["/api/v1", "/api/v0", "/v1"])),
                key: .ifSet("LM_API_TOKEN"), wire: { LMStudioWire() })
        case .compatible:
            // `ProvidersFile` does not read one without an address.
            ServiceTraits(
                title: "Compatible server", address: .init(variable: nil, usual: "", ending: .version), key: .none,
                wire: { CompatibleWire() })
        }
    }
}
