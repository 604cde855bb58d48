import Chat
import JSON
import Replies
import Testing

@testable import Services

@Suite struct CompatibleTests {
    private let wire = CompatibleWire()

    private func body(_ request: ReplyRequest, _ server: CompatibleServer) throws -> JSONObject {
        let chat = ChatRequest(request, provider: "rack", support: wire.settings, without: [])
        return try #require(try CompatibleRequest(chat, server, contextLength: 8192).call.body.object)
    }

    // MARK: Requests

    @Test func sendsAnUnknownServerOnlyWhatAllHave() throws {
        let request = ReplyRequest("m", (.user, "Hi"), system: "Be brief")
        let expected = try json(
            """
            {"model": "m", "stream": true, "stream_options": {"include_usage": true}, "temperature": 0.8,
             "top_p": 0.95, "max_tokens": 2048,
             "messages": [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "Hi"}]}
            """)
        #expect(try wire.body(request) == expected.object)
    }

    @Test func sendsTheSettingsOfTheProtocol() throws {
        let request = ReplyRequest("m", (.user, "Hi")) {
            $0.sampling.temperature = 0
            $0.sampling.topP = 1
            $0.sampling.seed = UInt64.max
            $0.sampling.presencePenalty = -1.5
            $0.sampling.frequencyPenalty = 0.5
            $0.sampling.logitBias = [15043: -.infinity, 7: 2.5]
            $0.stop = ["END", "\n"]
            $0.maxTokens = 9
            $0.thinking = .off
        }
        let expected = try json(
            """
            {"model": "m", "stream": true, "stream_options": {"include_usage": true}, "temperature": 0,
             "max_tokens": 9, "seed": 9223372036854775807, "presence_penalty": -1.5, "frequency_penalty": 0.5,
             "logit_bias": {"7": 2.5, "15043": -100}, "stop": ["END", "\\n"], "reasoning_effort": "none",
             "messages": [{"role": "user", "content": "Hi"}]}
            """)
        #expect(try wire.body(request) == expected.object)
    }

    @Test func sendsLlamaServerAllItsSamplers() throws {
        let request = ReplyRequest("m", (.user, "Hi")) {
            $0.thinking = .on
            $0.sampling.topK = 0
            $0.sampling.dryMultiplier = 0.5
            $0.sampling.mirostat = .v2
            $0.reasoningBudget = 100
        }
        let expected = try json(
            """
            {"model": "m", "stream": true, "stream_options": {"include_usage": true}, "max_tokens": 2048,
             "temperature": 0.8, "top_p": 0.95, "top_k": 0, "min_p": 0.05, "typical_p": 1, "top_n_sigma": -1,
             "xtc_probability": 0, "xtc_threshold": 0.1, "dynatemp_range": 0, "dynatemp_exponent": 1,
             "repeat_penalty": 1, "repeat_last_n": 64, "dry_multiplier": 0.5, "dry_base": 1.75,
             "dry_allowed_length": 2, "dry_penalty_last_n": 8192, "dry_sequence_breakers": ["\\n", ":", "\\"", "*"],
             "reasoning_budget_tokens": 100, "mirostat": 2, "mirostat_tau": 5, "mirostat_eta": 0.1, "return_progress": true, "logprobs": true,
             "top_logprobs": 5, "chat_template_kwargs": {"enable_thinking": true},
             "messages": [{"role": "user", "content": "Hi"}]}
            """)
        #expect(try body(request, .llamaServer) == expected.object)
    }

    @Test(
        arguments: [
            (CompatibleServer.vLLM, -1, true), (.sglang, -1, false), (.tensorRT, 0, false), (.openRouter, nil, false),
        ] as [(CompatibleServer, Int?, Bool)])
    func sendsCommonSamplersToServersThatTakeThem(server: CompatibleServer, off: Int?, logprobs: Bool) throws {
        var request = ReplyRequest("m", (.user, "Hi")) {
            $0.sampling.repeatPenalty = 1.25
            $0.thinking = .off
        }
        let body = try body(request, server)
        #expect(body["top_k"] == .integer(40))
        #expect(body["min_p"] == .number("0.05"))
        #expect(body["repetition_penalty"] == .number("1.25"))
        #expect(body["mirostat"] == nil)
        #expect(body["return_progress"] == nil)
        #expect(body["logprobs"] == (logprobs ? .bool(true) : nil))
        let isRouter = server == .openRouter
        #expect(body["chat_template_kwargs"] == (isRouter ? nil : .object(["enable_thinking": .bool(false)])))
        #expect(body["reasoning"] == (isRouter ? .object(["enabled": .bool(false)]) : nil))
        request = ReplyRequest("m", (.user, "Hi")) { $0.sampling.topK = 0 }
        #expect(try self.body(request, server)["top_k"] == off.map { .integer($0) })
    }

    @Test func saysWhichSettingsAServerIsNotKnownToTake() throws {
        let request = ReplyRequest("m", (.user, "Hi")) {
            $0.sampling.minP = 0.25
            $0.sampling.mirostat = .v1
            $0.sampling.seed = 1
        }
        let event = #"{"choices":[{"delta":{"content":"a"}}]}"#
        #expect(
            try EventRecording.parts([event], wire.reader(for: request, provider: "rack"))
                == [.notice("rack is not known to take min_p, mirostat; sent without"), .text("a")])
        let settings = request.settings.current
        #expect(CompatibleServer.vLLM.lacks(settings) == ["mirostat"])
        #expect(CompatibleServer.llamaServer.lacks(settings) == [])
        #expect(CompatibleServer.unknown.lacks(GenerationSettings()) == [])
    }

    @Test func continuesAReplyWhereTheServerCan() throws {
        let request = ReplyRequest("m", (.user, "Count"), (.assistant, "One, "))
        let messages = try json(
            #"[{"role": "user", "content": "Count"}, {"role": "assistant", "content": "One, "}]"#)
        let llama = try body(request, .llamaServer)
        #expect(llama["messages"] == messages)
        #expect(llama["chat_template_kwargs"] == .object(["enable_thinking": .bool(false)]))
        #expect(llama["add_generation_prompt"] == nil)
        for server in [CompatibleServer.vLLM, .sglang] {
            let body = try body(request, server)
            #expect(body["messages"] == messages)
            #expect(body["continue_final_message"] == .bool(true))
            #expect(body["add_generation_prompt"] == .bool(false))
        }
        #expect(
            throws: ServiceError.impossible(
                service: "rack", reason: "this model cannot continue an unfinished reply")
        ) { try body(request, .unknown) }
    }

    @Test func joinsNeighboursAndLeavesEmptyRepliesOut() throws {
        let request = ReplyRequest(
            "m", (.system, "S"), (.user, "a"), (.assistant, ""), (.user, "b"), (.assistant, "c"), (.tool, "d"),
            system: "T")
        #expect(
            try wire.body(request)["messages"]
                == json(
                    """
                    [{"role": "system", "content": "T\\n\\nS"}, {"role": "user", "content": "a\\n\\nb"},
                     {"role": "assistant", "content": "c"}, {"role": "user", "content": "d"}]
                    """))
    }

    @Test func sendsAttachedFiles() throws {
        var request = ReplyRequest("m", (.user, "Read it"))
        request.messages[0].attachments = [Attachment(name: "a.txt", content: "text")]
        let text = try wire.body(request)["messages"]?.array?.first?.object?["content"]?.string
        #expect(text == request.messages[0].promptText)
        #expect(text?.contains("a.txt") == true)
    }

    @Test func needsAMessage() {
        let error = ServiceError.impossible(service: "rack", reason: "there is no message to reply to")
        #expect(throws: error) { try body(ReplyRequest("m"), .unknown) }
        #expect(throws: error) { try body(ReplyRequest("m", (.assistant, ""), system: "S"), .unknown) }
    }

    @Test func leavesRefusedParametersOutFromThenOn() throws {
        let request = ReplyRequest("m", (.user, "Hi"))
        let body = try wire.body(request, without: ["temperature", "max_tokens", "stream_options"])
        #expect(body["temperature"] == nil)
        #expect(body["stream_options"] == nil)
        #expect(body["max_tokens"] == nil)
        #expect(body["max_completion_tokens"] == .integer(2048))
        #expect(try wire.body(request)["temperature"] == nil)
        #expect(try wire.body(ReplyRequest("other", (.user, "Hi")))["temperature"] != nil)
    }

    // MARK: Lists

    @Test(
        arguments: [
            ("llamacpp", "http://h", CompatibleServer.llamaServer), ("vllm", "http://h", .vLLM),
            ("sglang", "http://h", .sglang), ("tensorrt_llm", "http://h", .tensorRT), ("Groq", "http://h", .unknown),
            (nil, "http://h", .unknown),
        ] as [(String?, String, CompatibleServer)])
    func recognisesServers(owner: String?, baseURL: String, server: CompatibleServer) {
        #expect(CompatibleServer(owner: owner, baseURL: baseURL) == server)
    }

    private func list(_ text: String) throws -> CompatibleModelList {
        try CompatibleModelList(json(text), baseURL: "http://127.0.0.1:8080/v1", service: "rack")
    }

    @Test func readsTheListOfLlamaServer() throws {
        let list = try list(
            """
            {"object": "list", "data": [{"id": "qwen", "object": "model", "owned_by": "llamacpp", "created": 1,
             "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
             "meta": {"vocab_type": 2, "n_vocab": 128256, "n_ctx_train": 131072, "n_embd": 4096,
             "n_params": 8030261312, "size": 4912898304}}]}
            """)
        #expect(list.facts == CompatibleModels(server: .llamaServer, contextLengths: ["qwen": 131_072]))
        #expect(list.models.map(\.parameters) == [8_030_261_312])
        #expect(list.models.map(\.fileBytes) == [4_912_898_304])
    }

    @Test func readsContextLengthsAsServersNameThem() throws {
        let list = try list(
            """
            {"data": [{"id": "a", "owned_by": "vllm", "max_model_len": 4096}, {"id": "b", "context_length": 8192},
             {"id": "c", "context_window": 131072}, {"id": "d", "meta": {"n_ctx": 2048, "n_ctx_train": 9}},
             {"id": "e", "meta": null}, {"id": "f", "max_model_len": -1}, {"id": "g", "max_model_len": 1e400}]}
            """)
        #expect(list.models.map(\.contextLength) == [4096, 8192, 131_072, 2048, nil, nil, nil])
        #expect(list.facts.server == .vLLM)
    }

    @Test func leavesOutWhatDoesNotChat() throws {
        let list = try list(
            """
            [{"id": "text-embedding-004"}, {"id": "models/gemini-3-pro"}, {"id": "whisper-large-v3"},
             {"id": "bge-reranker"}, {"id": "playai-tts"}, {"id": "battset"}, {"id": "imagen-4"},
             {"id": "laya", "architecture": {"output_modalities": ["decisions"]}}, {"id": 7}, 7, {"id": ""},
             {"id": "bad\\u0007name"}, {"id": "\(String(repeating: "x", count: 513))"}]
            """)
        #expect(list.models.map(\.reference.name) == ["models/gemini-3-pro", "battset"])
    }

    @Test func readsAtMostTenThousandModels() throws {
        let text = "[" + (0..<10_050).map { #"{"id":"m\#($0)"}"# }.joined(separator: ",") + "]"
        #expect(try list(text).models.count == 10_000)
    }

    @Test(arguments: ["7", "{}", #"{"data": "x"}"#]) func refusesWhatIsNoList(text: String) {
        #expect(throws: ServiceError.malformed(service: "rack", detail: "no list of models")) { try list(text) }
    }
}
