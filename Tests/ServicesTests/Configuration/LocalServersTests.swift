import JSON
import Testing

@testable import Services

@Suite struct LocalServersTests {
    private func service(_ texts: [String: String], port: Int = 8080, taken: Set<String> = []) throws -> Service? {
        var taken = taken
        return LocalServers.service(
            port: port, answers: try texts.mapValues { try JSONReader.read($0) }, taken: &taken)
    }

    @Test(arguments: [
        (["/api/version": #"{"version": "0.13.1"}"#], ServiceKind.ollama, "ollama", "http://127.0.0.1:8080"),
        (["/api/v1/models": #"{"models": []}"#], .lmstudio, "lmstudio", "http://127.0.0.1:8080"),
        (
            ["/api/v1/models": #"{"models": [{"type": "llm", "key": "qwen/qwen3-4b"}]}"#], .lmstudio, "lmstudio",
            "http://127.0.0.1:8080"
        ),
        (
            [
                "/api/v0/models": #"{"data": [{"id": "a", "state": "loaded"}]}"#,
                "/v1/models": #"{"data": [{"id": "a"}]}"#,
            ], .lmstudio, "lmstudio", "http://127.0.0.1:8080"
        ),
        (
            ["/v1/models": #"{"data": [{"id": "a", "owned_by": "llamacpp"}]}"#], .compatible, "llama-server",
            "http://127.0.0.1:8080/v1"
        ),
        (
            ["/v1/models": #"{"data": [{"id": "a", "owned_by": "vllm"}]}"#], .compatible, "vllm",
            "http://127.0.0.1:8080/v1"
        ),
        // Lemonade has an OpenAI-style list at LM Studio's path.
        (
            ["/api/v1/models": #"{"data": [{"id": "a"}]}"#, "/v1/models": #"{"object": "list", "data": []}"#],
            .compatible, "server-8080", "http://127.0.0.1:8080/v1"
        ),
    ])
    func answersIdentifyAServer(texts: [String: String], kind: ServiceKind, id: String, address: String) throws {
        let service = try #require(try service(texts))
        #expect(service.kind == kind)
        #expect(service.id == id)
        #expect(service.baseURL == address)
        #expect(service.isFound)
        #expect(service.key == .none)
    }

    @Test(arguments: [
        [:], ["/v1/models": "[]"], ["/v1/models": #"{"data": [{"name": "a"}]}"#], ["/api/version": #"{"version": 3}"#],
        ["/api/v1/models": #"{"error": "Not found"}"#, "/v1/models": #""x""#],
        ["/api/v1/models": #"{"models": [{"name": "car"}]}"#],
    ])
    func otherServersAreIgnored(texts: [String: String]) throws {
        #expect(try service(texts) == nil)
    }

    @Test func namesAreUnique() throws {
        let texts = ["/api/version": #"{"version": "1"}"#]
        #expect(try service(texts, taken: ["ollama"])?.id == "ollama-8080")
        #expect(try service(texts, taken: ["ollama", "ollama-8080"]) == nil)
    }
}
