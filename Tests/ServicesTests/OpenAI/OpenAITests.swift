import Chat
import JSON
import Replies
import Testing

@testable import Services

@Suite struct OpenAITests {
    private let wire = OpenAIWire()

    // MARK: Requests

    @Test func asksReasoningModelsThroughResponses() throws {
        let request = ReplyRequest("gpt-5", (.user, "Hi"), (.assistant, "Hello"), (.user, "Count"), system: "S") {
            $0.thinking = .on
            $0.maxTokens = 5
        }
        let expected = try json(
            """
            {"model": "gpt-5", "stream": true, "store": false, "instructions": "S", "max_output_tokens": 16,
             "reasoning": {"summary": "auto", "effort": "medium"}, "include": ["reasoning.encrypted_content"],
             "input": [{"type": "message", "role": "user", "content": "Hi"}, {"type": "message", "role": "assistant", "content": "Hello"},
                       {"type": "message", "role": "user", "content": "Count"}]}
            """)
        #expect(try wire.body(request, path: "/responses") == expected.object)
    }

    @Test func asksOtherModelsForLogprobs() throws {
        let request = ReplyRequest("gpt-4.1-mini", (.user, "Hi")) { $0.sampling.temperature = 4 }
        let expected = try json(
            """
            {"model": "gpt-4.1-mini", "stream": true, "store": false, "max_output_tokens": 2048, "temperature": 2,
             "top_p": 0.95, "include": ["message.output_text.logprobs"], "top_logprobs": 5,
             "input": [{"type": "message", "role": "user", "content": "Hi"}]}
            """)
        #expect(try wire.body(request, path: "/responses") == expected.object)
    }

    @Test func sendsReasoningBackToTheModelThatWroteIt() throws {
        var request = ReplyRequest("gpt-5", (.user, "a"), (.assistant, "b"), (.user, "c"))
        let item = #"{"encrypted_content":"x","id":"rs_1","summary":[],"type":"reasoning"}"#
        request.messages[1].providerState = ProviderState(provider: "p", json: "[\(item)]")
        let plain =
            #"{"type": "message", "role": "user", "content": "a"}, {"type": "message", "role": "assistant", "content": "b"}"#
        let last = #"{"type": "message", "role": "user", "content": "c"}"#
        let with = try json(
            #"[{"type": "message", "role": "user", "content": "a"}, \#(item), {"type": "message", "role": "assistant", "content": "b"}, \#(last)]"#
        )
        let without = try json("[\(plain), \(last)]")
        #expect(try wire.body(request, path: "/responses")["input"] == with)

        var other = request
        other.messages[1].providerState?.provider = "elsewhere"
        #expect(try wire.body(other, path: "/responses")["input"] == without)
        other = request
        other.messages[1].origin = Message.Origin(
            model: ModelReference(provider: "p", name: "o3"), settings: GenerationSettings(), seed: nil)
        #expect(try wire.body(other, path: "/responses")["input"] == without)
        other = request
        other.messages[1].providerState?.json = "{broken"
        #expect(try wire.body(other, path: "/responses")["input"] == without)
        // Reasoning without the message that follows it is refused.
        other = request
        other.messages[1].content = ""
        #expect(try wire.body(other, path: "/responses")["input"]?.array?.count == 2)
    }

    @Test(arguments: ["gpt-3.5-turbo", "gpt-4o-search-preview", "chatgpt-4o-latest", "gpt-4-turbo"])
    func asksOldModelsThroughChatCompletions(model: String) throws {
        let body = try wire.body(ReplyRequest(model, (.user, "Hi"), system: "S"))
        #expect(body["max_completion_tokens"] == .integer(2048))
        #expect(body["max_tokens"] == nil)
        #expect(body["stream_options"] == .object(["include_usage": .bool(true)]))
        #expect(body["logprobs"] == (model.hasPrefix("gpt-") && !model.contains("search") ? .bool(true) : nil))
        #expect(body["messages"]?.array?.first?.object?["role"] == .string("system"))
    }

    @Test func usesChatCompletionsForSettingsThatResponsesLacks() throws {
        let request = ReplyRequest("gpt-4.1", (.user, "Hi")) {
            $0.sampling.seed = 1
            $0.stop = ["x"]
        }
        let body = try wire.body(request)
        #expect(body["seed"] == .integer(1))
        #expect(body["stop"] == .array([.string("x")]))
    }

    @Test func sendsFourStopTextsAndSaysSo() throws {
        let request = ReplyRequest("gpt-4.1", (.user, "Hi")) { $0.stop = ["a", "b", "c", "d", "e"] }
        #expect(try wire.body(request)["stop"]?.array?.count == 4)
        let event = #"{"choices":[{"delta":{"content":"x"}}]}"#
        #expect(
            try EventRecording.parts([event], wire.reader(for: request, provider: "openai"))
                == [.notice("OpenAI takes 4 stop texts; the others are not sent"), .text("x")])
    }

    @Test func saysWhichSettingsAReasoningModelLacks() throws {
        let request = ReplyRequest("o3", (.user, "Hi")) {
            $0.sampling.seed = 1
            $0.sampling.temperature = 0
        }
        let body = try wire.body(request, path: "/responses")
        #expect(body["seed"] == nil)
        #expect(body["temperature"] == nil)
        let parts = try EventRecording.parts(
            "openai/refusal.sse", wire.reader(for: request, provider: "openai"), piece: 1000)
        #expect(parts.first == .notice("o3 has no seed, temperature; sent without"))
    }

    @Test(
        arguments: [
            ("o3", Thinking.off, "low"), ("gpt-5-mini", .off, "minimal"), ("gpt-5.1", .off, "none"),
            ("gpt-6-sol", .off, "none"), ("gpt-5.4", .on, "medium"), ("o4-mini", .auto, nil),
        ] as [(String, Thinking, String?)])
    func choosesTheEffort(model: String, thinking: Thinking, effort: String?) throws {
        let body = try wire.body(ReplyRequest(model, (.user, "Hi")) { $0.thinking = thinking }, path: "/responses")
        #expect(body["reasoning"]?.object?["effort"] == effort.map { .string($0) })
    }

    @Test func leavesRefusedPartsOut() throws {
        let request = ReplyRequest("o3", (.user, "Hi")) { $0.thinking = .on }
        let body = try wire.body(request, path: "/responses", without: ["reasoning.summary", "include"])
        #expect(body["reasoning"] == .object(["effort": .string("medium")]))
        #expect(body["include"] == nil)
        let less = try wire.body(request, path: "/responses", without: ["reasoning.effort"])
        #expect(less["reasoning"] == nil)
    }

    @Test func fallsBackToChatCompletions() throws {
        let request = ReplyRequest("qwen", (.user, "Hi"), system: "S")
        #expect(try wire.body(request, path: "/responses")["instructions"] == .string("S"))
        #expect(!wire.adapts(to: .refused(service: "OpenAI", status: 400, message: "bad"), of: request))
        #expect(!wire.adapts(to: .cut(service: "OpenAI"), of: request))
        #expect(wire.adapts(to: .refused(service: "OpenAI", status: 404, message: "Not Found"), of: request))
        #expect(try wire.body(request)["instructions"] == nil)
        // Chat Completions may not know the model either.
        #expect(!wire.adapts(to: .refused(service: "OpenAI", status: 404, message: "no model"), of: request))
        let event = #"{"choices":[{"delta":{"content":"a"}}]}"#
        #expect(try EventRecording.parts([event], wire.reader(for: request, provider: "openai")) == [.text("a")])
        let hint = "This model is only supported in v1/chat/completions and not in v1/responses."
        let reasoning = ReplyRequest("o9", (.user, "Hi"), system: "S")
        #expect(wire.adapts(to: .refused(service: "OpenAI", status: 400, message: hint), of: reasoning))
        let body = try wire.body(reasoning)
        #expect(body["messages"]?.array?.first?.object?["role"] == .string("developer"))
        #expect(body["temperature"] == nil)
        #expect(body["max_completion_tokens"] == .integer(2048))
    }

    @Test func cannotContinueAReply() {
        let request = ReplyRequest("gpt-5", (.user, "Count"), (.assistant, "One, "))
        #expect(throws: ServiceError.self) {
            try wire.call(for: request, provider: "openai", contextLength: nil, without: [])
        }
    }

    // MARK: Replies

    private let reader = ResponsesReader(service: "OpenAI")

    @Test(arguments: EventRecording.pieces) func readsReasoning(piece: Int) throws {
        let state = try json(
            """
            [{"type": "reasoning", "id": "rs_1", "encrypted_content": "gAAAABlong", "summary": [
              {"type": "summary_text", "text": "**Counting** letters"},
              {"type": "summary_text", "text": "Three of them"}]}]
            """)
        let usage = Usage(
            promptTokens: 75, cachedTokens: 64, cacheWriteTokens: 0, generatedTokens: 205, reasoningTokens: 192)
        #expect(
            try EventRecording.parts("openai/reasoning.sse", reader, piece: piece) == [
                .reasoning("**Counting** "), .reasoning("letters"), .reasoning("\n\nThree of them"), .state(state),
                .text("Three 🍓"), .text("."), .usage(usage), .stop(.endOfTurn),
            ])
    }

    @Test(arguments: EventRecording.pieces) func readsTextWithProbabilities(piece: Int) throws {
        func choice(_ text: String, _ probability: Float) -> TokenChoice {
            TokenChoice(id: -1, bytes: Array(text.utf8), before: probability, after: probability)
        }
        let token = ReplyToken(chosen: choice("Hi", 1), alternatives: [choice("Hi", 1), choice("Yo", 0)])
        #expect(
            try EventRecording.parts("openai/text.sse", reader, piece: piece) == [
                .tokens([token], text: "Hi"), .text("\n\n"), .text("there"),
                .usage(Usage(promptTokens: 8, cachedTokens: 0, generatedTokens: 16, reasoningTokens: 0)),
                .stop(.tokenLimit),
            ])
    }

    @Test(arguments: EventRecording.pieces) func readsARefusal(piece: Int) throws {
        #expect(
            try EventRecording.parts("openai/refusal.sse", reader, piece: piece)
                == [.text("Well"), .text("\n\n"), .text("I can't help "), .text("with that."), .stop(.refused)])
    }

    @Test(arguments: [
        (
            #"{"type":"response.incomplete","response":{"incomplete_details":{"reason":"content_filter"}}}"#,
            StopReason.refused
        ),
        (#"{"type":"response.incomplete","response":{"incomplete_details":null}}"#, .interrupted),
        (#"{"type":"response.completed","response":{}}"#, .endOfTurn),
    ])
    func namesTheEnd(event: String, stop: StopReason) throws {
        #expect(try EventRecording.parts([event], reader) == [.stop(stop)])
    }

    @Test(arguments: [
        (
            #"{"type":"response.failed","response":{"error":{"code":"server_error","message":"Oops"}}}"#,
            ServiceError.busy(service: "OpenAI", status: 500, message: "Oops", retryAfter: nil)
        ),
        (
            #"{"type":"response.failed","response":{"error":{"code":"invalid_prompt","message":"No"}}}"#,
            .failed(service: "OpenAI", message: "No")
        ),
        (
            #"{"type":"error","code":"context_length_exceeded","message":"Long","param":"input"}"#,
            .tooLong(service: "OpenAI", message: "Long")
        ),
        (
            #"{"type":"error","error":{"type":"invalid_request_error","code":"x","message":"Nested"}}"#,
            .failed(service: "OpenAI", message: "Nested")
        ),
        (#"{"type":"response.output_text.delta","delta":"half"}"#, .cut(service: "OpenAI")),
        (
            #"{"type":"response.output_text.delta","delta":7}"#,
            .malformed(service: "OpenAI", detail: "a delta that is no text")
        ),
        ("[]", .malformed(service: "OpenAI", detail: "an event that is no object")),
    ])
    func throwsErrors(event: String, error: ServiceError) {
        #expect(throws: error) { try EventRecording.parts([event], reader) }
    }

    @Test func showsToolCalls() throws {
        let events = [
            #"{"type":"response.output_item.added","item":{"type":"function_call","name":"f"}}"#,
            #"{"type":"response.completed","response":{"usage":{"input_tokens":-1}}}"#,
        ]
        #expect(
            try EventRecording.parts(events, reader) == [
                .notice("The model asked for a tool that Sotto does not have: f"), .stop(.endOfTurn),
            ])
    }

    // MARK: Models

    @Test func listsModelsThatChatNewestFirst() throws {
        let names = [
            "gpt-4o", "text-embedding-3-small", "gpt-5", "whisper-1", "tts-1", "dall-e-3", "gpt-image-1",
            "omni-moderation-latest", "gpt-realtime", "gpt-4o-audio-preview", "gpt-4o-transcribe", "sora-2",
            "babbage-002", "gpt-3.5-turbo-instruct", "o3-deep-research", "gpt-5-mini",
        ]
        let entries = names.enumerated().map { #"{"id":"\#($1)","object":"model","created":\#($0 == 15 ? 2 : $0)}"# }
        let models = try OpenAIWire.models(
            in: json(#"{"data":[\#(entries.joined(separator: ","))]}"#), service: "OpenAI")
        #expect(models.map(\.reference.name) == ["gpt-5", "gpt-5-mini", "gpt-4o"])
        #expect(models.map(\.hasThinkingSwitch) == [true, true, false])
    }

    @Test(arguments: [
        ("o3", true), ("o4-mini", true), ("gpt-5", true), ("gpt-5.2-pro", true), ("gpt-6-astra", true),
        ("codex-mini-latest", true), ("gpt-4.1", false), ("gpt-4o", false), ("gpt-3.5-turbo", false),
        ("gpt-5-chat-latest", false), ("ft:gpt-4o:acme", false), ("ft:o3:acme", true), ("qwen3", false),
        ("omni", false),
    ])
    func knowsWhichModelsReason(name: String, reasons: Bool) {
        #expect(OpenAIModel(name).reasons == reasons)
    }
}
