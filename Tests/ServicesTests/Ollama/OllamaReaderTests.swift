import JSON
import Replies
import Testing

@testable import Services

@Suite struct OllamaReaderTests {
    private let reader = OllamaReader(service: "Ollama", maxTokens: 100)

    private func read(_ name: String, piece: Int = 1000) throws -> (parts: [ReplyPart], error: ServiceError?) {
        try RecordedStream("ollama/\(name).ndjson", .lines).read(reader, piece: piece)
    }

    private func line(_ json: String) throws -> (parts: [ReplyPart], error: ServiceError?) {
        try RecordedStream(text: json, .lines).read(reader)
    }

    @Test(arguments: [1, 7, 1000]) func textArrivesLineByLine(piece: Int) throws {
        let (parts, error) = try read("text", piece: piece)
        #expect(error == nil)
        #expect(
            parts == [
                .text("Grüße"), .text(", Welt 🌍"),
                .usage(Usage(promptTokens: 26, generatedTokens: 8, tokensPerSecond: 40)), .stop(.endOfTurn),
            ])
    }

    @Test(arguments: [1, 7, 1000]) func thinkingIsSeparate(piece: Int) throws {
        let (parts, error) = try read("thinking", piece: piece)
        #expect(error == nil)
        #expect(
            parts == [
                .reasoning("27 is "), .reasoning("3³."), .text("3"),
                .usage(Usage(promptTokens: 20, generatedTokens: 12, tokensPerSecond: 20)), .stop(.endOfTurn),
            ])
    }

    /// Servers and models that do not separate thinking leave its tags in the text.
    @Test func thinkingInTheTextIsSeparated() throws {
        let text = ["<think>", "Hm", "</think>", "Hi"].map {
            #"{"message":{"role":"assistant","content":"\#($0)"},"done":false}"#
        }.joined(separator: "\n")
        let parts = try line(text + "\n" + #"{"message":{"content":""},"done":true,"done_reason":"stop"}"#).parts
        #expect(parts == [.reasoning("Hm"), .text("Hi"), .usage(Usage()), .stop(.endOfTurn)])
    }

    @Test(arguments: [1, 7, 1000]) func tokensBelongToTheirText(piece: Int) throws {
        let (parts, error) = try read("logprobs", piece: piece)
        func choice(_ bytes: [UInt8], _ probability: Float) -> TokenChoice {
            TokenChoice(id: TokenChoice.unknownID, bytes: bytes, before: probability, after: probability)
        }
        let first = ReplyToken(
            chosen: choice(Array("Hi".utf8), 0.5),
            alternatives: [choice(Array("Hi".utf8), 0.5), choice(Array("Yo".utf8), 0.25)])
        #expect(error == nil)
        #expect(
            parts == [
                .reasoning("Hm"), .tokens([first], text: "Hi"),
                .tokens(
                    [
                        ReplyToken(chosen: choice([226, 130], 1), alternatives: []),
                        ReplyToken(chosen: choice([172], 1), alternatives: []),
                    ], text: "€"),
                .text(" changed"), .usage(Usage(promptTokens: 3, generatedTokens: 7)), .stop(.endOfTurn),
            ])
    }

    @Test(arguments: [
        (#""done_reason":"stop","eval_count":5"#, StopReason.endOfTurn), (#""eval_count":5"#, .endOfTurn),
        (#""done_reason":"length","eval_count":100"#, .tokenLimit), (#""done_reason":"length""#, .tokenLimit),
        (#""done_reason":"length","eval_count":5"#, .contextFull), (#""done_reason":"load""#, .endOfTurn),
        (#""done_reason":"unload""#, .endOfTurn), (#""done_reason":"new""#, .endOfTurn),
        (#""done_reason":3"#, .endOfTurn),
    ])
    func everyEndIsKnown(fields: String, reason: StopReason) throws {
        let (parts, error) = try line(#"{"message":{"content":""},"done":true,\#(fields)}"#)
        #expect(error == nil)
        #expect(parts.last == .stop(reason))
    }

    @Test func anErrorInTheStreamEndsIt() throws {
        let (parts, error) = try read("error")
        #expect(parts == [.text("Half a")])
        #expect(
            error
                == .failed(service: "Ollama", message: "an error was encountered while running the model: CUDA error"))
        #expect(
            try line(#"{"error":"the input length exceeds the context length"}"#).error
                == .tooLong(service: "Ollama", message: "the input length exceeds the context length"))
    }

    @Test func aCutStreamKeepsWhatArrived() throws {
        var lines = try RecordedStream("ollama/cut.ndjson", .lines).bytes
        // The last line is not JSON: the chat's own reading reports that. Without it the stream just ends.
        lines = Array(lines.prefix { $0 != 0x0A })
        let (parts, error) = try line(String(decoding: lines, as: UTF8.self))
        #expect(parts == [.text("Half a")])
        #expect(error == .cut(service: "Ollama"))
    }

    @Test(arguments: [
        "[]", "3", #"{"message":3,"done":false}"#, #"{"message":{"content":3},"done":false}"#,
        #"{"message":{"content":"a","thinking":[]},"done":false}"#,
        #"{"message":{"content":"a"},"logprobs":3,"done":false}"#,
    ])
    func wrongTypesAreRefused(json: String) throws {
        guard case .malformed = try line(json).error else {
            Issue.record("not refused")
            return
        }
    }

    @Test func absurdCountsAreIgnored() throws {
        let json = """
            {"message":{"content":null},"done":true,"prompt_eval_count":-4,"eval_count":1e30,"eval_duration":0,\
            "total_duration":99999999999999999999999}
            """
        #expect(try line(json).parts == [.usage(Usage()), .stop(.endOfTurn)])
    }
}
