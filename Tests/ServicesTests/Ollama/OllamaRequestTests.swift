import Chat
import Foundation
import HTTP
import JSON
import Testing

@testable import Services

@Suite struct OllamaRequestTests {
    private let wire = OllamaWire()

    private func request(
        _ messages: [(Message.Role, String)], system: String? = nil,
        _ change: (inout GenerationSettings) -> Void = { _ in }
    ) -> ReplyRequest {
        var settings = GenerationSettings()
        change(&settings)
        let messages = messages.enumerated().map { index, message in
            Message(
                id: Message.ID(rawValue: "\(index)"), parent: nil, role: message.0,
                created: Date(timeIntervalSince1970: 0),
                content: message.1)
        }
        return ReplyRequest(
            model: ModelReference(provider: "ollama", name: "qwen3:4b"), system: system, messages: messages,
            settings: LiveSettings(settings))
    }

    private func body(_ request: ReplyRequest, without refused: Set<String> = []) throws -> JSONObject {
        let call = try wire.call(for: request, provider: "ollama", contextLength: 4096, without: refused)
        #expect(call.path == "/api/chat")
        #expect(call.framing == .lines)
        return try #require(call.body.object)
    }

    @Test func everyOptionIsSent() throws {
        let body = try body(request([(.user, "Hi")], system: "Be brief."))
        let expected = try JSONReader.read(
            """
            {"model": "qwen3:4b", "stream": true, "truncate": false, "shift": false, "logprobs": true,
             "top_logprobs": 5,
             "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
             "options": {"temperature": 0.8, "top_k": 40, "top_p": 0.95, "min_p": 0.05, "typical_p": 1,
               "repeat_last_n": 64, "repeat_penalty": 1, "presence_penalty": 0, "frequency_penalty": 0,
               "num_predict": 2048}}
            """)
        #expect(.object(body) == expected)
    }

    @Test func whatIsSetIsSent() throws {
        let options = try body(
            request([(.user, "Hi")]) {
                $0.sampling.seed = UInt64.max
                $0.sampling.topK = 0
                $0.stop = ["END"]
                $0.contextLength = 8192
            })["options"]?.object
        #expect(options?["seed"] == .integer(0x7FFF_FFFF))
        #expect(options?["top_k"] == .integer(0))
        #expect(options?["stop"] == .array([.string("END")]))
        #expect(options?["num_ctx"] == .integer(8192))
    }

    @Test(arguments: [(Thinking.auto, nil), (.on, true), (.off, false)])
    func thinkingIsSwitched(thinking: Thinking, value: Bool?) throws {
        let request = request([(.user, "Hi")]) { $0.thinking = thinking }
        #expect(try body(request)["think"] == value.map { .bool($0) })
        #expect(try body(request, without: ["think"])["think"] == nil)
    }

    @Test func refusalsAreRemembered() throws {
        let wire = OllamaWire()
        let request = request([(.user, "Hi")]) { $0.thinking = .on }
        func thinks(without refused: Set<String> = []) throws -> Bool {
            let call = try wire.call(for: request, provider: "ollama", contextLength: nil, without: refused)
            return call.body.object?["think"] != nil
        }
        #expect(try thinks())
        #expect(try !thinks(without: ["think"]))
        #expect(try !thinks())
    }

    /// The template leaves the last message open if it is the assistant's.
    @Test func aReplyIsContinued() throws {
        let messages = try body(request([(.user, "A"), (.assistant, "Once ")]))["messages"]?.array
        #expect(messages?.last == .object(["role": .string("assistant"), "content": .string("Once ")]))
    }

    @Test func rolesAlternateAndNothingIsEmpty() throws {
        let messages = try body(request([(.user, "A"), (.assistant, ""), (.user, "B"), (.assistant, "C")]))["messages"]
        #expect(
            messages
                == .array([
                    .object(["role": .string("user"), "content": .string("A\n\nB")]),
                    .object(["role": .string("assistant"), "content": .string("C")]),
                ]))
        #expect(throws: ServiceError.self) { try body(request([])) }
    }

    @Test func loadingNeedsOnlyTheContext() throws {
        let plain = try JSONReader.read(#"{"model": "qwen3:4b", "messages": [], "stream": false}"#)
        #expect(OllamaRequest.loading(request([(.user, "A")])) == plain)
        let sized = OllamaRequest.loading(request([(.user, "A")]) { $0.contextLength = 8192 })
        #expect(sized.object?["options"] == .object(["num_ctx": .integer(8192)]))
    }

    @Test(arguments: [
        (#"{"error":"\"llama3.2\" does not support thinking"}"#, "think"),
        (#"{"error":"invalid think value: \"true\""}"#, "think"), (#"{"error":"model 'x' not found"}"#, nil),
        ("null", nil),
    ])
    func aModelWithoutThinkingIsAskedWithoutIt(error: String, parameter: String?) throws {
        #expect(wire.refusedParameter(in: try JSONReader.read(error)) == parameter)
    }

    @Test(arguments: [
        (
            404, #"{"error":"model 'x' not found"}"#,
            ServiceError.refused(service: "Ollama", status: 404, message: "model 'x' not found")
        ),
        (
            400, #"{"error":"the input length exceeds the context length"}"#,
            .tooLong(service: "Ollama", message: "the input length exceeds the context length")
        ),
        (
            503, #"{"error":"server busy, please try again"}"#,
            .busy(service: "Ollama", status: 503, message: "server busy, please try again", retryAfter: nil)
        ),
    ])
    func errorsAreUnderstood(status: Int, body: String, expected: ServiceError) {
        let service = Service(id: "ollama", kind: .ollama, baseURL: "http://127.0.0.1:11434")
        let head = HTTPHead(status: status)
        #expect(FailureReading(service: service, head: head, body: Array(body.utf8), wire: wire).error == expected)
    }
}
