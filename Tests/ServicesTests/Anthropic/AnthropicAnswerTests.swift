import Chat
import HTTP
import JSON
import Testing

@testable import Services

@Suite struct AnthropicAnswerTests {
    private let wire = AnthropicWire()

    @Test(arguments: [
        ("`temperature` is deprecated for this model.", "temperature"),
        ("`temperature` and `top_p` cannot both be specified for this model. Please use only one.", "top_p"),
        ("top_k: not supported for this model", "top_k"),
        (
            "\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" instead",
            "thinking.type.enabled"
        ),
        ("\"thinking.type.disabled\" is not supported for this model", "thinking.type.disabled"),
        ("adaptive thinking is not supported on this model", "thinking.type.adaptive"),
        ("messages.1.content.0: Invalid `signature` in `thinking` block", "earlier thinking"),
        ("The block is bound to a different conversation", "earlier thinking"),
        ("stop_sequences: each stop sequence must contain non-whitespace", "stop_sequences"),
        ("max_tokens: 200000 > 64000, which is the maximum allowed number of output tokens", nil),
        ("This model does not support assistant message prefill.", nil), ("messages: roles must alternate", nil),
    ])
    func aComplaintNamesItsParameter(message: String, parameter: String?) {
        let error = JSONValue.object([
            "type": .string("error"),
            "error": .object(["type": .string("invalid_request_error"), "message": .string(message)]),
        ])
        #expect(wire.refusedParameter(in: error) == parameter)
    }

    @Test(arguments: [
        (
            529, "overloaded_error", "Overloaded",
            ServiceError.busy(service: "Anthropic", status: 529, message: "Overloaded", retryAfter: nil)
        ),
        (413, "request_too_large", "M", .tooLong(service: "Anthropic", message: "M")),
        (
            400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum",
            .tooLong(service: "Anthropic", message: "prompt is too long: 208310 tokens > 200000 maximum")
        ),
        (
            401, "authentication_error", "invalid x-api-key",
            .rejectedKey(service: "Anthropic", hint: "ANTHROPIC_API_KEY", message: "invalid x-api-key")
        ),
        (404, "not_found_error", "model: x", .refused(service: "Anthropic", status: 404, message: "model: x")),
    ])
    func errorsAreUnderstood(status: Int, type: String, message: String, expected: ServiceError) {
        let service = Service(
            id: "anthropic", kind: .anthropic, baseURL: "https://api.anthropic.com",
            key: .environment("ANTHROPIC_API_KEY"))
        let body = #"{"type":"error","error":{"type":"\#(type)","message":"\#(message)"}}"#
        let head = HTTPHead(status: status)
        #expect(
            FailureReading(service: service, head: head, body: Array(body.utf8), wire: wire).error == expected)
    }

    @Test func theKeyIsSecret() throws {
        let (plain, secret) = wire.headers(key: APIKey("sk-ant-1"))
        #expect(plain == [HTTPHeader("anthropic-version", "2023-06-01")])
        #expect(secret == [HTTPHeader("x-api-key", "sk-ant-1")])
        #expect(wire.headers(key: nil).secret == [])
    }

    @Test func modelsAreListed() throws {
        let page = try JSONReader.read(
            """
            {"data": [
              {"type": "model", "id": "claude-opus-5", "display_name": "Claude Opus 5", "lifecycle": "active",
               "max_input_tokens": 1000000, "capabilities": {"thinking": {"supported": true, "types": {
                 "adaptive": {"supported": true}, "disabled": {"supported": true}, "enabled": {"supported": false}}}}},
              {"type": "model", "id": "claude-fable-5-1", "display_name": "Claude Fable 5.1", "lifecycle": "active",
               "capabilities": {"thinking": {"supported": true, "types": {"adaptive": {"supported": true},
                 "disabled": {"supported": false}, "enabled": {"supported": false}}}}},
              {"type": "model", "id": "claude-sonnet-4-5-20250929", "display_name": "Claude Sonnet 4.5"},
              {"type": "model", "id": "claude-2.1", "lifecycle": "retired"},
              {"type": "model", "id": "bad\\u0007name"}, {"id": 3}, 4, {"id": ""}],
             "has_more": false, "first_id": "claude-opus-5", "last_id": "claude-2.1"}
            """)
        let models = try AnthropicWire.models(in: page, service: "Anthropic")
        #expect(models.map(\.reference.name) == ["claude-opus-5", "claude-fable-5-1", "claude-sonnet-4-5-20250929"])
        #expect(models.map(\.contextLength) == [1_000_000, nil, nil])
        #expect(models.map(\.hasThinkingSwitch) == [true, false, nil])
        #expect(throws: ServiceError.self) { try AnthropicWire.models(in: .object([:]), service: "Anthropic") }
    }
}
