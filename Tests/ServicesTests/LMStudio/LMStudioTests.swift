import Chat
import JSON
import Testing

@testable import Services

@Suite struct LMStudioTests {
    private let wire = LMStudioWire()

    @Test func sendsWhatItsEndpointTakes() throws {
        let request = ReplyRequest("qwen/qwen3-4b", (.user, "Hi")) {
            $0.sampling.repeatPenalty = 1.5
            $0.sampling.seed = 7
        }
        let expected = try json(
            """
            {"model": "qwen/qwen3-4b", "stream": true, "stream_options": {"include_usage": true}, "temperature": 0.8,
             "top_p": 0.95, "top_k": 40, "repeat_penalty": 1.5, "seed": 7, "max_tokens": 2048,
             "messages": [{"role": "user", "content": "Hi"}]}
            """)
        #expect(try wire.body(request, path: "/v1/chat/completions") == expected.object)
    }

    @Test func cannotContinueAReply() {
        let request = ReplyRequest("m", (.user, "Count"), (.assistant, "One, "))
        #expect(
            throws: ServiceError.impossible(
                service: "LM Studio", reason: "this model cannot continue an unfinished reply")
        ) { try wire.call(for: request, provider: "lmstudio", contextLength: nil, without: []) }
    }

    /// The answer in lmstudio.ai/docs/developer/rest/list, with a second model.
    @Test func readsItsList() throws {
        let answer = try json(
            """
            {"models": [
             {"type": "llm", "publisher": "lmstudio-community", "key": "gemma-3-270m-it-qat", "architecture": "gemma3",
              "quantization": {"name": "Q4_0", "bits_per_weight": 4}, "size_bytes": 241410208,
              "params_string": "270M", "max_context_length": 32768, "format": "gguf",
              "loaded_instances": [{"id": "gemma:2", "config": {"context_length": 4096}}]},
             {"type": "llm", "key": "moe", "quantization": null, "size_bytes": 1, "params_string": "8x7B",
              "loaded_instances": [], "max_context_length": 8192, "format": "mlx"},
             {"type": "embedding", "key": "text-embedding-nomic", "loaded_instances": []}]}
            """)
        let list = try LMStudioModels(v1: answer, service: "LM Studio")
        let infos = list.entries.map(\.info)
        #expect(infos.map(\.reference.name) == ["gemma-3-270m-it-qat", "moe"])
        #expect(infos.map(\.architecture) == ["gemma3", nil])
        #expect(infos.map(\.format) == ["Q4_0", "mlx"])
        #expect(infos.map(\.parameters) == [270_000_000, nil])
        #expect(infos.map(\.fileBytes) == [241_410_208, 1])
        #expect(infos.map(\.contextLength) == [32_768, 8192])
        #expect(infos.map(\.isLoaded) == [true, false])
        #expect(list.entry("gemma-3-270m-it-qat")?.loaded.first?.id == "gemma:2")
        #expect(list.entry("gemma:2")?.loaded.first?.contextLength == 4096)
        #expect(list.entry("other") == nil)
    }

    /// The answer in lmstudio.ai/docs/developer/rest/endpoints.
    @Test func readsTheListsOfOlderVersions() throws {
        let answer = try json(
            """
            {"object": "list", "data": [
             {"id": "qwen2-vl-7b-instruct", "type": "vlm", "arch": "qwen2_vl", "quantization": "4bit",
              "state": "not-loaded", "max_context_length": 32768},
             {"id": "llama", "type": "llm", "state": "loaded", "loaded_context_length": 4096},
             {"id": "text-embedding-nomic", "type": "embeddings", "state": "not-loaded"}]}
            """)
        let list = try LMStudioModels(v0: answer, service: "LM Studio")
        #expect(list.entries.map(\.info.reference.name) == ["qwen2-vl-7b-instruct", "llama"])
        #expect(list.entries.map(\.info.isLoaded) == [false, true])
        #expect(list.entry("llama")?.loaded.first?.contextLength == 4096)
        let names = try LMStudioModels(names: answer, service: "LM Studio")
        #expect(names.entries.map(\.info.reference.name) == ["qwen2-vl-7b-instruct", "llama"])
        #expect(names.entries.map(\.info.isLoaded) == [nil, nil])
    }

    @Test(arguments: ["1e300B", "-7B", "infB", "nanB", "B", ""]) func ignoresSizesThatCannotBe(size: String) throws {
        let answer = try json(#"{"models": [{"type": "llm", "key": "m", "params_string": "\#(size)"}]}"#)
        #expect(try LMStudioModels(v1: answer, service: "LM Studio").entries.map(\.info.parameters) == [nil])
    }
}
