import JSON
import Replies
import Testing

@testable import Services

@Suite struct AnthropicReaderTests {
    private let reader = AnthropicReader(service: "Anthropic")

    private func read(_ name: String, piece: Int = 1000) throws -> (parts: [ReplyPart], error: ServiceError?) {
        try RecordedStream("anthropic/\(name).sse", .events).read(reader, piece: piece)
    }

    /// Reads one event.
    private func event(_ json: String) throws -> (parts: [ReplyPart], error: ServiceError?) {
        let (parts, error) = try RecordedStream(text: "data: \(json)\n\n", .events).read(reader)
        return (parts, error == .cut(service: "Anthropic") ? nil : error)
    }

    @Test(arguments: [1, 7, 1000]) func textArrivesPieceByPiece(piece: Int) throws {
        let (parts, error) = try read("text", piece: piece)
        #expect(error == nil)
        #expect(
            parts == [
                .usage(Usage(promptTokens: 2312, cachedTokens: 2000, cacheWriteTokens: 300, generatedTokens: 1)),
                .text("Grüße"), .text(", Welt 🌍"),
                .usage(Usage(promptTokens: 2312, cachedTokens: 2000, cacheWriteTokens: 300, generatedTokens: 9)),
                .stop(.endOfTurn),
            ])
    }

    @Test(arguments: [1, 7, 1000]) func thinkingIsKeptWithItsSignature(piece: Int) throws {
        let (parts, error) = try read("thinking", piece: piece)
        let thinking = JSONValue.object([
            "type": .string("thinking"), "thinking": .string("27 is 3³. So 3."),
            "signature": .string("EqQBCgIYAhIM1gbc"),
        ])
        let redacted = JSONValue.object(["type": .string("redacted_thinking"), "data": .string("EmwKAhgBEgy3va3p")])
        #expect(error == nil)
        #expect(
            parts == [
                .usage(Usage(promptTokens: 20, generatedTokens: 3)),
                .reasoning("27 is 3³. "), .reasoning("So 3."),
                .state(.array([thinking])), .state(.array([thinking, redacted])), .text("3"),
                .usage(
                    Usage(
                        promptTokens: 20, cachedTokens: 0, cacheWriteTokens: 0, generatedTokens: 40, reasoningTokens: 31
                    )),
                .stop(.endOfTurn),
            ])
    }

    /// Thinking that is not shown has a signature all the same.
    @Test func hiddenThinkingIsKept() throws {
        let text = """
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Eq"}}

            data: {"type":"content_block_stop","index":0}


            """
        let expected = JSONValue.array([
            .object(["type": .string("thinking"), "thinking": .string(""), "signature": .string("Eq")])
        ])
        #expect(try RecordedStream(text: text, .events).read(reader).parts == [.state(expected)])
    }

    /// A block that is cut off has no signature, and would be refused.
    @Test func unsignedThinkingIsNotKept() throws {
        let text = """
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"Hm","signature":""}}

            data: {"type":"content_block_stop","index":0}


            """
        #expect(try RecordedStream(text: text, .events).read(reader).parts == [.reasoning("Hm")])
    }

    @Test(arguments: [
        ("end_turn", StopReason.endOfTurn), ("stop_sequence", .stopText), ("max_tokens", .tokenLimit),
        ("refusal", .refused), ("pause_turn", .paused), ("model_context_window_exceeded", .contextFull),
        ("tool_use", .endOfTurn), ("something_new", .endOfTurn),
    ])
    func everyStopReasonIsKnown(word: String, reason: StopReason) throws {
        let event = try event(#"{"type":"message_delta","delta":{"stop_reason":"\#(word)"}}"#)
        #expect(event.parts == [.stop(reason)])
        #expect(event.error == nil)
    }

    @Test func aRefusalIsExplained() throws {
        let (parts, error) = try read("refusal")
        #expect(error == nil)
        #expect(parts.suffix(2) == [.stop(.refused), .notice("This request was declined")])
    }

    @Test(arguments: [1, 1000]) func aCutStreamKeepsWhatArrived(piece: Int) throws {
        let (parts, error) = try read("cut", piece: piece)
        #expect(parts.last == .text("Half a"))
        #expect(error == .cut(service: "Anthropic"))
    }

    @Test(arguments: [
        ("overloaded_error", ServiceError.busy(service: "Anthropic", status: 529, message: "M", retryAfter: nil)),
        ("rate_limit_error", .busy(service: "Anthropic", status: 429, message: "M", retryAfter: nil)),
        ("api_error", .busy(service: "Anthropic", status: 500, message: "M", retryAfter: nil)),
        ("timeout_error", .busy(service: "Anthropic", status: 504, message: "M", retryAfter: nil)),
        ("invalid_request_error", .failed(service: "Anthropic", message: "M")),
        ("new_error", .failed(service: "Anthropic", message: "M")),
    ])
    func errorsInTheStreamEndIt(type: String, expected: ServiceError) throws {
        #expect(try event(#"{"type":"error","error":{"type":"\#(type)","message":"M"}}"#).error == expected)
    }

    @Test func anOverloadedServiceIsBusy() throws {
        #expect(
            try read("overloaded").error
                == .busy(service: "Anthropic", status: 529, message: "Overloaded", retryAfter: nil))
    }

    @Test(arguments: [
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta"}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":3}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":null}}"#,
        #"{"type":"content_block_delta","index":0}"#, #"{"type":"content_block_start","content_block":[]}"#,
        #"{"type":"message_delta","delta":3}"#, "[]", "3",
    ])
    func wrongTypesAreRefused(json: String) throws {
        guard case .malformed = try event(json).error else {
            Issue.record("not refused")
            return
        }
    }

    @Test(arguments: [
        #"{"type":"new_event","delta":{}}"#, #"{"type":"ping"}"#, "{}",
        #"{"type":"content_block_start","index":1,"content_block":{"type":"server_tool_use","id":"x"}}"#,
        #"{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{}}}"#,
        #"{"type":"content_block_stop","index":99999999999999999999}"#, #"{"type":"content_block_stop"}"#,
    ])
    func whatIsUnknownIsIgnored(json: String) throws {
        let (parts, error) = try event(json)
        #expect(parts == [])
        #expect(error == nil)
    }

    @Test func absurdCountsAreIgnored() throws {
        let json = """
            {"type":"message_start","message":{"usage":{"input_tokens":-1,"output_tokens":1e300,\
            "cache_read_input_tokens":99999999999999999999,"cache_creation_input_tokens":"7"}}}
            """
        #expect(try event(json).parts == [.usage(Usage())])
    }
}
