import Testing

@testable import Services

@Suite struct ServiceListTests {
    private func services(_ environment: [String: String], _ json: String = "[]") throws -> [Service] {
        let (file, problems) = read(json)
        try #require(problems.isEmpty)
        return ServiceList.services(environment: environment, file: file)
    }

    private func service(_ id: String, _ environment: [String: String], _ json: String = "[]") throws -> Service {
        try #require(try services(environment, json).first { $0.id == id })
    }

    @Test func theUsualServicesHaveTheirPublicAddresses() throws {
        let services = try services([:])
        #expect(services.map(\.id) == ["openai", "anthropic", "mistral", "ollama", "lmstudio"])
        #expect(
            services.map(\.baseURL) == [
                "https://api.openai.com/v1", "https://api.anthropic.com", "https://api.mistral.ai/v1",
                "http://127.0.0.1:11434", "http://127.0.0.1:1234",
            ])
        #expect(
            services.map(\.key) == [
                .environment("OPENAI_API_KEY"), .environment("ANTHROPIC_API_KEY"), .environment("MISTRAL_API_KEY"),
                .none, .none,
            ])
    }

    @Test(arguments: [
        ("openai", "OPENAI_BASE_URL", "https://gate.example/v1/", "https://gate.example/v1"),
        ("openai", "OPENAI_BASE_URL", "  ", "https://api.openai.com/v1"),
        ("anthropic", "ANTHROPIC_BASE_URL", "https://gate.example/anthropic", "https://gate.example/anthropic"),
        ("anthropic", "ANTHROPIC_BASE_URL", "https://gate.example/v1", "https://gate.example"),
        ("mistral", "MISTRAL_BASE_URL", "https://api.mistral.ai", "https://api.mistral.ai/v1"),
        ("mistral", "MISTRAL_BASE_URL", "https://api.mistral.ai/v1", "https://api.mistral.ai/v1"),
        ("lmstudio", "LMSTUDIO_BASE_URL", "localhost:4321", "http://localhost:4321"),
        ("lmstudio", "LMSTUDIO_BASE_URL", "http://127.0.0.1:1234/v1", "http://127.0.0.1:1234"),
    ])
    func variablesMoveServices(id: String, variable: String, value: String, address: String) throws {
        #expect(try service(id, [variable: value]).baseURL == address)
    }

    @Test(arguments: [
        ("", "http://127.0.0.1:11434"), ("rack", "http://rack:11434"), ("rack:9", "http://rack:9"),
        (":9", "http://127.0.0.1:9"), ("0.0.0.0", "http://127.0.0.1:11434"), ("0.0.0.0:80", "http://127.0.0.1:80"),
        ("http://rack", "http://rack:80"), ("https://rack", "https://rack:443"),
        ("http://rack:9/ollama/", "http://rack:9/ollama"), ("[::]:9", "http://[::1]:9"),
        ("[fe80::2]:9", "http://[fe80::2]:9"), ("::1", "http://[::1]:11434"), ("rack:port", "http://rack:11434"),
        ("rack:99999", "http://rack:11434"), (" \"rack:9\" ", "http://rack:9"), ("ollama.com", "https://ollama.com"),
    ])
    func everyFormOfOllamaHostIsAnAddress(host: String, address: String) throws {
        let service = try service("ollama", ["OLLAMA_HOST": host])
        #expect(service.baseURL == address)
        #expect(service.key == (host == "ollama.com" ? .environment("OLLAMA_API_KEY") : .none))
    }

    @Test func lmStudioHasAKeyOnlyIfOneIsSet() throws {
        #expect(try service("lmstudio", ["LM_API_TOKEN": "t"]).key == .environment("LM_API_TOKEN"))
        #expect(try service("lmstudio", ["LM_API_TOKEN": ""]).key == .none)
    }

    @Test func ownServicesFollowAndReplaceBuiltInOnes() throws {
        let services = try services(
            ["OPENAI_BASE_URL": "https://eu.example/v1"],
            """
            [{"name": "rack", "type": "openai-compatible", "baseURL": "http://10.0.0.2:8000/v1"},
             {"name": "openai", "key": {"command": "pass show openai"}},
             {"name": "second", "type": "anthropic", "baseURL": "https://other.example"}]
            """)
        #expect(services.map(\.id) == ["openai", "anthropic", "mistral", "ollama", "lmstudio", "rack", "second"])
        #expect(services[0].baseURL == "https://eu.example/v1")
        #expect(services[0].key == .command("pass show openai"))
        // The key for api.anthropic.com is not for another host.
        #expect(services[6].key == .none)
        #expect(services[6].keyHint == "its key in providers.json")
    }

    @Test func aBuiltInServiceElsewhereKeepsItsKey() throws {
        let json = #"[{"name": "openai", "baseURL": "https://eu.api.openai.com/v1"}]"#
        #expect(try service("openai", [:], json).key == .environment("OPENAI_API_KEY"))
    }
}

/// Reads the text of a `providers.json`.
func read(_ json: String) -> (file: ProvidersFile, problems: [String]) {
    var reader = ProvidersReader()
    reader.read(json)
    return (reader.file, reader.problems.map { "\($0.line): \($0.message)" })
}
