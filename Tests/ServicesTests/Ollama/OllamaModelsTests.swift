import Chat
import JSON
import Testing

@testable import Services

@Suite struct OllamaModelsTests {
    private func answer(_ name: String) throws -> JSONValue {
        try JSONReader.read(try RecordedStream("ollama/\(name).json", .lines).bytes)
    }

    @Test func chatModelsAreListed() throws {
        let models = try OllamaModels.list(try answer("tags"), running: try answer("ps"), service: "Ollama")
        #expect(models.map(\.reference.name) == ["qwen3:4b", "llama3.2:latest", "gpt-oss:120b-cloud"])
        #expect(models.map(\.parameters) == [4_000_000_000, 3_200_000_000, 116_800_000_000])
        #expect(models.map(\.format) == ["Q4_K_M", nil, "MXFP4"])
        #expect(models.map(\.architecture) == ["qwen3", "llama", "gptoss"])
        #expect(models.map(\.fileBytes) == [2_620_788_260, 2_019_393_189, nil])
        #expect(models.map(\.isLoaded) == [true, false, nil])
        #expect(models.map(\.contextLength) == [8192, nil, nil])
    }

    @Test func withoutPsItIsNotKnownWhatIsLoaded() throws {
        let models = try OllamaModels.list(try answer("tags"), running: nil, service: "Ollama")
        #expect(models.map(\.isLoaded) == [nil, nil, nil])
    }

    @Test func anAnswerWithoutAListIsRefused() {
        for value in [JSONValue.null, .object([:]), .object(["models": .number("3")])] {
            #expect(throws: ServiceError.self) { try OllamaModels.list(value, running: nil, service: "Ollama") }
        }
    }

    @Test func aNameWithoutTagMeansLatest() throws {
        let running = try JSONReader.read(#"{"models": [{"name": "hf.co/user/llama3.2:latest"}, {"model": "phi4"}]}"#)
        #expect(OllamaModels.running("hf.co/user/llama3.2", in: running) != nil)
        #expect(OllamaModels.running("phi4:latest", in: running) != nil)
        #expect(OllamaModels.running("phi4:14b", in: running) == nil)
        #expect(OllamaModels.running("phi4", in: nil) == nil)
    }

    @Test func contextLengthsAreRead() throws {
        let facts = try answer("show")
        #expect(OllamaModels.longestContext(facts) == 40960)
        #expect(OllamaModels.ownContext(facts) == 16384)
        #expect(OllamaModels.running("qwen3:4b", in: try answer("ps"))?.contextLength == 8192)
        let odd = try JSONReader.read(
            #"{"model_info": {"a.context_length": -1, "b.context_length": "x"}, "parameters": "num_ctx x\nnum_ctx -1"}"#
        )
        #expect(OllamaModels.longestContext(odd) == nil)
        #expect(OllamaModels.ownContext(odd) == nil)
    }

    @Test(arguments: [
        ("8.0B", 8_000_000_000), ("137M", 137_000_000), ("1.1T", 1_100_000_000_000), ("70K", 70000), ("", nil),
        ("B", nil), ("-1B", nil), ("1e300B", nil), ("nanB", nil), ("12", nil),
    ])
    func parameterCountsAreRead(text: String, count: Int?) {
        #expect(OllamaModels.parameters(text) == count)
    }
}
