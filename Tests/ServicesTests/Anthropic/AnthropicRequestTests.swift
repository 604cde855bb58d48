import Chat
import Foundation
import JSON
import Replies
import Testing

@testable import Services

@Suite struct AnthropicRequestTests {
    private let wire = AnthropicWire()

    private func request(
        _ messages: [(Message.Role, String)], model: String = "claude-sonnet-4-5", system: String? = nil,
        state: String? = nil, _ change: (inout GenerationSettings) -> Void = { _ in }
    ) -> ReplyRequest {
        var settings = GenerationSettings()
        change(&settings)
        let messages = messages.enumerated().map { index, message in
            var result = Message(
                id: Message.ID(rawValue: "\(index)"), parent: nil, role: message.0,
                created: Date(timeIntervalSince1970: 0),
                content: message.1)
            if message.0 == .assistant, let state {
                result.providerState = ProviderState(provider: "anthropic", json: state)
            }
            return result
        }
        return ReplyRequest(
            model: ModelReference(provider: "anthropic", name: model), system: system, messages: messages,
            settings: LiveSettings(settings))
    }

    private func body(_ request: ReplyRequest, without refused: Set<String> = []) throws -> JSONObject {
        let call = try wire.call(for: request, provider: "anthropic", contextLength: nil, without: refused)
        #expect(call.path == "/v1/messages")
        #expect(call.framing == .events)
        return try #require(call.body.object)
    }

    private func expect(_ value: JSONValue?, _ json: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(value == (try JSONReader.read(json)), sourceLocation: sourceLocation)
    }

    @Test func aFirstMessageIsSentWithMarks() throws {
        let call = try wire.call(
            for: request([(.user, "Hi")], system: "Be brief."), provider: "anthropic", contextLength: nil, without: [])
        try expect(
            call.body,
            """
            {"model": "claude-sonnet-4-5", "max_tokens": 2048, "stream": true, "temperature": 0.8, "top_k": 40,
             "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
             "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]}
            """)
    }

    @Test func theMessageBeforeTheNewestIsMarked() throws {
        let body = try body(request([(.user, "A"), (.assistant, "B"), (.user, "C"), (.assistant, "D"), (.user, "E")]))
        try expect(
            body["messages"],
            """
            [{"role": "user", "content": [{"type": "text", "text": "A"}]},
             {"role": "assistant", "content": [{"type": "text", "text": "B"}]},
             {"role": "user", "content": [{"type": "text", "text": "C", "cache_control": {"type": "ephemeral"}}]},
             {"role": "assistant", "content": [{"type": "text", "text": "D"}]},
             {"role": "user", "content": [{"type": "text", "text": "E"}]}]
            """)
    }

    @Test func rolesAlternateAndNothingIsEmpty() throws {
        let messages: [(Message.Role, String)] = [
            (.user, "A"), (.assistant, ""), (.user, "B"), (.assistant, " \n"), (.tool, "C"), (.system, "S"),
            (.user, "D"),
        ]
        let body = try body(request(messages, system: "T"))
        let text = body["messages"]?.array?.first?.object?["content"]?.array?.first?.object?["text"]
        #expect(body["messages"]?.array?.count == 1)
        #expect(text == .string("A\n\nB\n\nC\n\nD"))
        #expect(body["system"]?.array?.first?.object?["text"] == .string("T\n\nS"))
    }

    @Test func nothingToReplyToIsSaid() {
        for messages in [[], [(.user, " ")], [(.system, "S")]] as [[(Message.Role, String)]] {
            #expect(throws: ServiceError.impossible(service: "Anthropic", reason: "there is no message to reply to")) {
                try body(request(messages))
            }
        }
    }

    // MARK: Thinking

    private let state = """
        [{"type": "thinking", "thinking": "T", "signature": "S"}, {"type": "redacted_thinking", "data": "D"}, \
        {"type": "text", "text": "no"}, 3]
        """

    @Test func earlierThinkingComesFirst() throws {
        let request = request([(.user, "A"), (.assistant, "B"), (.user, "C")], state: state)
        try expect(
            try body(request)["messages"]?.array?[1].object?["content"],
            """
            [{"type": "thinking", "thinking": "T", "signature": "S"}, {"type": "redacted_thinking", "data": "D"},
             {"type": "text", "text": "B"}]
            """)
        try expect(
            try body(request, without: ["earlier thinking"])["messages"]?.array?[1].object?["content"],
            #"[{"type": "text", "text": "B"}]"#)
    }

    @Test(arguments: ["null", "{", "3", "[[1]]", "[{\"type\": 3}]"])
    func damagedStateIsLeftOut(state: String) throws {
        let body = try body(request([(.user, "A"), (.assistant, "B"), (.user, "C")], state: state))
        try expect(body["messages"]?.array?[1].object?["content"], #"[{"type": "text", "text": "B"}]"#)
    }

    @Test func stateOfOtherProvidersIsNotSent() throws {
        let request = request([(.user, "A"), (.assistant, "B"), (.user, "C")], state: state)
        let call = try wire.call(for: request, provider: "second", contextLength: nil, without: [])
        #expect(!JSONWriter.compact(call.body).contains("signature"))
    }

    @Test(arguments: [
        ("claude-sonnet-4-5", Thinking.on, #"{"type": "enabled", "budget_tokens": 4096}"#),
        ("claude-3-7-sonnet-20250219", .on, #"{"type": "enabled", "budget_tokens": 4096}"#),
        ("claude-opus-4-6", .on, #"{"type": "adaptive", "display": "summarized"}"#),
        ("claude-fable-5-1", .on, #"{"type": "adaptive", "display": "summarized"}"#),
        ("claude-next", .on, #"{"type": "adaptive", "display": "summarized"}"#),
        ("deepseek-chat", .on, #"{"type": "enabled", "budget_tokens": 4096}"#),
        ("claude-opus-5", .off, #"{"type": "disabled"}"#), ("claude-sonnet-4-5", .off, "null"),
        ("claude-opus-5", .auto, "null"), ("claude-sonnet-4-5", .auto, "null"),
    ])
    func thinkingHasTheModelsForm(model: String, thinking: Thinking, json: String) throws {
        let body = try body(request([(.user, "A")], model: model) { $0.thinking = thinking })
        try expect(body["thinking"] ?? .null, json)
    }

    @Test func aBudgetIsOnTopOfTheReply() throws {
        let body = try body(
            request([(.user, "A")]) {
                $0.thinking = .on
                $0.reasoningBudget = 10
                $0.maxTokens = 100
            })
        try expect(body["thinking"], #"{"type": "enabled", "budget_tokens": 1024}"#)
        #expect(body["max_tokens"] == .integer(1124))
        for name in ["temperature", "top_k", "top_p"] { #expect(body[name] == nil) }
    }

    /// 4.6 still takes a budget; the newest models do not.
    @Test func aBudgetIsSentWhereItIsTaken() throws {
        func form(_ model: String) throws -> JSONValue? {
            try body(
                request([(.user, "A")], model: model) {
                    $0.thinking = .on
                    $0.reasoningBudget = 2000
                })["thinking"]?.object?["type"]
        }
        #expect(try form("claude-opus-4-6") == .string("enabled"))
        #expect(try form("claude-opus-4-7") == .string("adaptive"))
    }

    @Test func aRefusedFormOfThinkingIsReplaced() throws {
        let on = request([(.user, "A")], model: "claude-opus-4-5") { $0.thinking = .on }
        #expect(
            try body(on, without: ["thinking.type.enabled"])["thinking"]?.object?["type"] == .string("adaptive"))
        #expect(try body(on, without: ["thinking.type.enabled", "thinking.type.adaptive"])["thinking"] == nil)
        let off = request([(.user, "A")], model: "claude-opus-5-5") { $0.thinking = .off }
        #expect(try body(off, without: ["thinking.type.disabled"])["thinking"] == nil)
    }

    /// The same wire does not try again what a model refused, except what depends on the conversation.
    @Test func refusalsAreRemembered() throws {
        let wire = AnthropicWire()
        func body(_ model: String, without refused: Set<String> = []) throws -> String {
            let request = request([(.user, "A"), (.assistant, "B"), (.user, "C")], model: model, state: state)
            return JSONWriter.compact(
                try wire.call(for: request, provider: "anthropic", contextLength: nil, without: refused).body)
        }
        #expect(try !body("claude-3-opus", without: ["top_k", "earlier thinking"]).contains("signature"))
        #expect(try !body("claude-3-opus").contains("top_k"))
        #expect(try body("claude-3-opus").contains("signature"))
        #expect(try body("claude-3-haiku").contains("top_k"))
    }

    // MARK: Sampling

    @Test(arguments: [
        ("claude-3-haiku-20240307", #"{"temperature": 0.8, "top_p": 0.95, "top_k": 40}"#),
        ("claude-sonnet-4-20250514", #"{"temperature": 0.8, "top_p": 0.95, "top_k": 40}"#),
        ("claude-opus-4-1", #"{"temperature": 0.8, "top_k": 40}"#),
        ("claude-sonnet-4-6", #"{"temperature": 0.8, "top_k": 40}"#),
        ("claude-opus-4-7", "{}"), ("claude-haiku-5-5", "{}"), ("claude-next", "{}"),
        ("kimi-k2", #"{"temperature": 0.8, "top_p": 0.95, "top_k": 40}"#),
    ])
    func modelsGetTheSamplingTheyTake(model: String, json: String) throws {
        let body = try body(request([(.user, "A")], model: model))
        var sampling: JSONObject = [:]
        for name in ["temperature", "top_p", "top_k"] { sampling[name] = body[name] }
        try expect(.object(sampling), json)
    }

    @Test func whatTheUserMeansIsSent() throws {
        let body = try body(
            request([(.user, "A")]) {
                $0.sampling.topP = 0.5
                $0.sampling.topK = 0
                $0.stop = ["END", "STOP"]
                $0.maxTokens = 7
            })
        #expect(body["top_p"] == .number("0.5"))
        #expect(body["temperature"] == nil)
        #expect(body["top_k"] == nil)
        #expect(body["stop_sequences"] == .array([.string("END"), .string("STOP")]))
        #expect(body["max_tokens"] == .integer(7))
        let hot = try self.body(request([(.user, "A")]) { $0.sampling.temperature = 3 })
        #expect(hot["temperature"] == .integer(1))
        #expect(try self.body(request([(.user, "A")]), without: ["temperature", "top_k"])["temperature"] == nil)
    }

    @Test func whatIsNotSentIsSaid() {
        var settings = GenerationSettings()
        #expect(AnthropicModel("claude-opus-5").notes(on: settings) == [])
        settings.sampling.temperature = 0.1
        #expect(AnthropicModel("claude-opus-5").notes(on: settings).count == 1)
        #expect(AnthropicModel("claude-sonnet-4-5").notes(on: settings) == [])
        settings.sampling.topP = 0.1
        #expect(
            AnthropicModel("claude-sonnet-4-5").notes(on: settings)
                == ["claude-sonnet-4-5 takes temperature or top_p, not both; top_p is not sent"])
        settings.thinking = .on
        settings.reasoningBudget = 5000
        #expect(AnthropicModel("claude-opus-5").notes(on: settings).count == 2)
    }

    // MARK: Continuing

    @Test func aReplyIsContinuedWithoutThinkingAndSpace() throws {
        let body = try body(
            request([(.user, "A"), (.assistant, "Once \n")], state: state) { $0.thinking = .on })
        try expect(
            body["messages"]?.array?.last,
            #"{"role": "assistant", "content": [{"type": "text", "text": "Once"}]}"#)
        #expect(body["thinking"] == nil)
    }

    @Test func newerModelsCannotContinue() {
        #expect(throws: ServiceError.self) {
            try body(request([(.user, "A"), (.assistant, "B")], model: "claude-opus-4-6"))
        }
    }
}
