import Chat
import JSON
import Replies
import Testing

@testable import Services

@Suite struct MistralTests {
    private let wire = MistralWire()

    @Test func sendsItsOwnNames() throws {
        let request = ReplyRequest("mistral-small-latest", (.user, "Hi"), system: "S") {
            $0.sampling.temperature = 3
            $0.sampling.seed = 42
            $0.sampling.presencePenalty = 4
            $0.sampling.logitBias = [7: 1]
            $0.stop = ["."]
            $0.thinking = .on
        }
        let expected = try json(
            """
            {"model": "mistral-small-latest", "stream": true, "temperature": 1.5, "top_p": 0.95, "max_tokens": 2048,
             "random_seed": 42, "presence_penalty": 2, "stop": ["."], "reasoning_effort": "high",
             "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Hi"}]}
            """)
        #expect(try wire.body(request) == expected.object)
    }

    @Test(
        arguments: [
            ("mistral-medium-3-5", Thinking.off, "reasoning_effort", "none"),
            ("magistral-medium-latest", .on, "prompt_mode", "reasoning"),
            ("magistral-medium-latest", .off, nil, nil), ("mistral-large-latest", .auto, nil, nil),
        ] as [(String, Thinking, String?, String?)])
    func switchesThinking(model: String, thinking: Thinking, field: String?, value: String?) throws {
        let body = try wire.body(ReplyRequest(model, (.user, "Hi")) { $0.thinking = thinking })
        for name in ["reasoning_effort", "prompt_mode"] {
            #expect(body[name] == (name == field ? value.map { .string($0) } : nil))
        }
    }

    @Test func saysThatMagistralAlwaysThinks() throws {
        let request = ReplyRequest("magistral-small-latest", (.user, "Hi")) { $0.thinking = .off }
        let event = #"{"choices":[{"delta":{"content":"a"}}]}"#
        #expect(
            try EventRecording.parts([event], wire.reader(for: request, provider: "mistral"))
                == [.notice("magistral-small-latest always thinks"), .text("a")])
    }

    @Test func continuesAReply() throws {
        let request = ReplyRequest("mistral-large-latest", (.user, "Count"), (.assistant, "One, "))
        #expect(
            try wire.body(request)["messages"]
                == json(
                    """
                    [{"role": "user", "content": "Count"}, {"role": "assistant", "content": "One, ", "prefix": true}]
                    """))
        let event = #"{"choices":[{"delta":{"content":"One, two"}}]}"#
        #expect(
            try EventRecording.parts([event], wire.reader(for: request, provider: "mistral")) == [.text("two")])
    }

    @Test func listsEachModelOnce() throws {
        let answer = try json(
            """
            {"object": "list", "data": [
             {"id": "mistral-large-2512", "capabilities": {"completion_chat": true}, "max_context_length": 262144,
              "aliases": ["mistral-large-latest"], "type": "base"},
             {"id": "mistral-large-latest", "capabilities": {"completion_chat": true, "reasoning": false},
              "max_context_length": 262144, "aliases": ["mistral-large-2512"], "type": "base"},
             {"id": "mistral-embed", "capabilities": {"completion_chat": false}, "max_context_length": 8192},
             {"id": "ft:mistral-small:x", "capabilities": {"completion_chat": true, "reasoning": true}, "aliases": 7},
             {"id": "no-capabilities"}]}
            """)
        let models = try MistralWire.models(in: answer, service: "Mistral")
        #expect(models.map(\.reference.name) == ["mistral-large-latest", "ft:mistral-small:x"])
        #expect(models.map(\.contextLength) == [262_144, nil])
        #expect(models.map(\.hasThinkingSwitch) == [false, true])
    }
}
