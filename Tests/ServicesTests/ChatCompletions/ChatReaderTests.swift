import JSON
import Replies
import Testing

@testable import Services

@Suite struct ChatReaderTests {
    private let reader = ChatReader(service: "rack")

    private func token(_ bytes: [UInt8], _ probability: Float, isControl: Bool = false) -> TokenChoice {
        TokenChoice(
            id: TokenChoice.unknownID, bytes: bytes, isControl: isControl, before: probability, after: probability)
    }

    @Test(arguments: EventRecording.pieces) func readsOpenAI(piece: Int) throws {
        let usage = Usage(promptTokens: 19, cachedTokens: 4, generatedTokens: 10, reasoningTokens: 2)
        #expect(
            try EventRecording.parts("openai/chat.sse", reader, piece: piece)
                == [.text("Hé"), .text("llo"), .stop(.endOfTurn), .usage(usage)])
    }

    @Test(arguments: EventRecording.pieces) func readsLlamaServer(piece: Int) throws {
        let timings = Usage(promptTokens: 2048, cachedTokens: 1024, generatedTokens: 3, tokensPerSecond: 49.75)
        let yes = ReplyToken(
            chosen: token(Array("Yes".utf8), 1), alternatives: [token(Array("Yes".utf8), 1), token([240, 159], 0)])
        #expect(
            try EventRecording.parts("compatible/llama-server.sse", reader, piece: piece) == [
                .prefill(done: 1536, total: 2048, cached: 1024), .prefill(done: 2048, total: 2048, cached: 1024),
                .reasoning("Hm"), .tokens([yes], text: "Yes"), .stop(.endOfTurn), .usage(timings), .usage(timings),
            ])
    }

    @Test(arguments: EventRecording.pieces) func readsOpenRouter(piece: Int) throws {
        let usage = Usage(
            promptTokens: 13, cachedTokens: 0, cacheWriteTokens: 5, generatedTokens: 16, reasoningTokens: 9,
            dollars: 0.000093)
        #expect(
            try EventRecording.parts("compatible/openrouter.sse", reader, piece: piece) == [
                .reasoning("Think "), .reasoning("twice"), .text("Paris"), .stop(.tokenLimit), .usage(usage),
            ])
    }

    @Test(arguments: EventRecording.pieces) func takesReasoningOutOfTheText(piece: Int) throws {
        let answer = ReplyToken(chosen: token(Array("\n\n4".utf8), 1), alternatives: [])
        let end = ReplyToken(chosen: token([60, 124], 1, isControl: true), alternatives: [])
        #expect(
            try EventRecording.parts("compatible/think-tags.sse", reader, piece: piece) == [
                .reasoning("Well"), .tokens([answer], text: "4"), .stop(.endOfTurn),
                .usage(Usage(promptTokens: 5, generatedTokens: 6)), .tokens([end], text: ""),
            ])
    }

    @Test(arguments: EventRecording.pieces) func readsMistral(piece: Int) throws {
        #expect(
            try EventRecording.parts("mistral/thinking.sse", reader, piece: piece) == [
                .reasoning("Let me "), .reasoning("see"), .text("It is "), .text("four"), .stop(.contextFull),
                .usage(Usage(promptTokens: 20, generatedTokens: 100)),
            ])
    }

    @Test(arguments: EventRecording.pieces) func readsLMStudio(piece: Int) throws {
        #expect(
            try EventRecording.parts("lmstudio/chat.sse", reader, piece: piece) == [
                .reasoning("Easy"), .text("Sure"), .stop(.endOfTurn),
                .usage(Usage(promptTokens: 24, generatedTokens: 53)),
            ])
    }

    @Test(arguments: EventRecording.pieces) func showsToolCallsOnce(piece: Int) throws {
        #expect(
            try EventRecording.parts("compatible/tool-call.sse", reader, piece: piece) == [
                .notice("The model asked for a tool that Sotto does not have: get_weather"), .stop(.endOfTurn),
            ])
    }

    @Test func showsFewOfManyTools() throws {
        let events = (0..<20).map { #"{"choices":[{"delta":{"tool_calls":[{"function":{"name":"t\#($0)"}}]}}]}"# }
        #expect(try EventRecording.parts(events, reader).count == 5)
    }

    // MARK: Ends

    @Test(arguments: [
        ("stop", StopReason.endOfTurn), ("length", .tokenLimit), ("content_filter", .refused),
        ("tool_calls", .endOfTurn), ("function_call", .endOfTurn), ("model_length", .contextFull),
        ("abort", .interrupted), ("something_new", .endOfTurn),
    ])
    func namesTheEnd(reason: String, stop: StopReason) throws {
        let event = #"{"choices":[{"index":0,"delta":{},"finish_reason":"\#(reason)"}]}"#
        #expect(try EventRecording.parts([event], reader) == [.stop(stop)])
    }

    @Test func knowsAStopText() throws {
        let event = #"{"choices":[{"delta":{},"finish_reason":"stop","stop_reason":"END"}]}"#
        #expect(try EventRecording.parts([event], reader) == [.stop(.stopText)])
    }

    @Test func dropsBlanksAroundSeparateReasoning() throws {
        let events = [
            #"{"choices":[{"delta":{"content":"\n"}}]}"#, #"{"choices":[{"delta":{"reasoning_content":"Hm"}}]}"#,
            #"{"choices":[{"delta":{"content":"\n\n"}}]}"#, #"{"choices":[{"delta":{"content":" So"}}]}"#,
            #"{"choices":[{"delta":{"content":" be it\n"}}]}"#,
        ]
        #expect(
            try EventRecording.parts(events, reader) == [.reasoning("Hm"), .text("So"), .text(" be it\n")])
        #expect(
            try EventRecording.parts([#"{"choices":[{"delta":{"content":"<"}}]}"#, events[1]], reader)
                == [.text("<"), .reasoning("Hm")])
    }

    @Test func showsARefusalAsText() throws {
        let events = [
            #"{"choices":[{"index":0,"delta":{"refusal":"I can't."}}]}"#,
            #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
        ]
        #expect(try EventRecording.parts(events, reader) == [.text("I can't."), .stop(.endOfTurn), .stop(.refused)])
    }

    @Test func needsAReasonOrAnEndMark() throws {
        let text = #"{"choices":[{"delta":{"content":"half"}}]}"#
        let end = #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#
        #expect(throws: ServiceError.cut(service: "rack")) {
            try EventRecording.parts([text], reader, isDone: false)
        }
        #expect(throws: ServiceError.cut(service: "rack")) { try EventRecording.parts([], reader, isDone: false) }
        #expect(try EventRecording.parts([text], reader) == [.text("half")])
        #expect(try EventRecording.parts([text, end], reader, isDone: false) == [.text("half"), .stop(.endOfTurn)])
    }

    @Test func tellsNoticesBeforeAnythingElse() throws {
        let reader = ChatReader(service: "rack", notices: ["no seed"])
        let event = #"{"choices":[{"delta":{"content":"a"}}]}"#
        #expect(try EventRecording.parts([event, event], reader) == [.notice("no seed"), .text("a"), .text("a")])
    }

    // MARK: Echoes

    private func delta(_ text: String) -> String { #"{"choices":[{"delta":{"content":"\#(text)"}}]}"# }

    @Test func removesTheTextThatIsContinued() throws {
        let reader = ChatReader(service: "rack", echo: "One, two")
        #expect(try EventRecording.parts([delta("One,"), delta(" two, three")], reader) == [.text(", three")])
        #expect(try EventRecording.parts([delta("One,"), delta(" and")], reader) == [.text("One, and")])
        #expect(try EventRecording.parts([delta("One,")], reader) == [.text("One,")])
        #expect(try EventRecording.parts([delta(", three")], reader) == [.text(", three")])
    }

    // MARK: Errors

    @Test(arguments: [
        (
            #"{"error":{"code":502,"message":"Provider down"},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}"#,
            ServiceError.busy(service: "rack", status: 502, message: "Provider down", retryAfter: nil)
        ),
        (
            #"{"error":{"type":"server_error","message":"Oops"}}"#,
            .busy(service: "rack", status: 500, message: "Oops", retryAfter: nil)
        ),
        (
            #"{"error":{"code":"rate_limit_exceeded","message":"Slow"}}"#,
            .busy(service: "rack", status: 429, message: "Slow", retryAfter: nil)
        ),
        (
            #"{"error":{"code":400,"type":"exceed_context_size_error","message":"Too long"}}"#,
            .tooLong(service: "rack", message: "Too long")
        ),
        (#"{"error":"plain"}"#, .failed(service: "rack", message: "plain")),
        (
            #"{"object":"error","message":"old","type":"BadRequestError","code":400}"#,
            .failed(service: "rack", message: "old")
        ),
        (
            #"{"choices":[{"delta":{},"finish_reason":"error"}]}"#,
            .failed(service: "rack", message: "the reply could not be completed")
        ),
    ])
    func throwsErrorsInTheStream(event: String, error: ServiceError) {
        #expect(throws: error) { try EventRecording.parts([event], reader) }
    }

    @Test(arguments: [
        "[]", "7", #"{"choices":7}"#, #"{"choices":[7]}"#, #"{"choices":[{"delta":7}]}"#,
        #"{"choices":[{"delta":{"content":7}}]}"#, #"{"choices":[{"delta":{"content":[7]}}]}"#,
        #"{"choices":[{"delta":{"reasoning":{}}}]}"#, #"{"choices":[{"delta":{"content":"a"},"finish_reason":1}]}"#,
        #"{"choices":[{"delta":{"content":"a"},"logprobs":{"content":[{"token":1}]}}]}"#,
        #"{"choices":[{"delta":{"content":"a"},"logprobs":{"content":"x"}}]}"#,
    ])
    func refusesWrongTypes(event: String) {
        do {
            _ = try EventRecording.parts([event], reader)
            Issue.record("no error")
        } catch ServiceError.malformed(let service, _) {
            #expect(service == "rack")
        } catch { Issue.record("\(error)") }
    }

    @Test(arguments: [
        #"{"usage":{"prompt_tokens":-5,"completion_tokens":1e300,"cost":-1}}"#, #"{"usage":7,"timings":[]}"#,
        #"{"usage":{"prompt_tokens":99999999999999999999999,"completion_tokens":"many"}}"#,
        #"{"prompt_progress":{"total":-1,"processed":5}}"#, #"{"timings":{"predicted_per_second":1e999}}"#,
        "{}", #"{"choices":null,"usage":null}"#, #"{"choices":[{"delta":null}]}"#,
    ])
    func ignoresNumbersThatCannotBe(event: String) throws {
        #expect(try EventRecording.parts([event], reader) == [])
    }

    @Test func boundsProgressAndProbabilities() throws {
        let progress = #"{"prompt_progress":{"total":10,"processed":50,"cache":90}}"#
        #expect(try EventRecording.parts([progress], reader) == [.prefill(done: 10, total: 10, cached: 10)])
        let token = #"{"token":"a","bytes":[300,-1],"logprob":800}"#
        let event = #"{"choices":[{"delta":{"content":"a"},"logprobs":{"content":[\#(token)]}}]}"#
        let expected = ReplyToken(chosen: self.token([97], 1), alternatives: [])
        #expect(try EventRecording.parts([event], reader) == [.tokens([expected], text: "a")])
    }
}
