import Testing

@testable import Services

@Suite struct ServiceAddressTests {
    @Test(arguments: [
        (ServiceKind.compatible, "http://127.0.0.1:8000", "http://127.0.0.1:8000/v1"),
        (.compatible, "http://127.0.0.1:8000/", "http://127.0.0.1:8000/v1"),
        (.compatible, "http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1"),
        (.compatible, "https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"),
        (.compatible, "https://g.com/v1beta/openai//", "https://g.com/v1beta/openai"),
        (.openai, "http://localhost:8080", "http://localhost:8080/v1"),
        (.mistral, "https://api.mistral.ai", "https://api.mistral.ai/v1"),
        (.lmstudio, "http://127.0.0.1:1234/v1", "http://127.0.0.1:1234"),
        (.lmstudio, "http://127.0.0.1:1234/api/v1/", "http://127.0.0.1:1234"),
        (.lmstudio, "http://127.0.0.1:1234/api/v0", "http://127.0.0.1:1234"),
        (.lmstudio, "http://127.0.0.1:1234", "http://127.0.0.1:1234"),
        (.anthropic, "https://api.anthropic.com/", "https://api.anthropic.com"),
        (.anthropic, "https://gate.example/v1", "https://gate.example"),
        (.ollama, "http://127.0.0.1:11434", "http://127.0.0.1:11434"),
        (.ollama, "http://127.0.0.1:11434/api/", "http://127.0.0.1:11434"),
        (.ollama, "http://127.0.0.1:11434/v1", "http://127.0.0.1:11434"),
    ])
    func completesAddresses(kind: ServiceKind, address: String, base: String) {
        #expect(Service(id: "x", kind: kind, baseURL: address).baseURL == base)
    }
}
