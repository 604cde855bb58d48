import Reasoning
import Testing

/// Separating reasoning and answer in complete and streamed replies.
@Suite struct ReasoningSplitterTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var reply: String
        var reasoning: String
        var text: String
        /// The tag left open by the prompt.
        var open: ReasoningTag?
        var testDescription: String { reply }
    }

    static let think = ReasoningTag.all[0]
    static let cases = [
        Case(reply: "Just an answer.\n", reasoning: "", text: "Just an answer.\n"),
        Case(reply: " Hello", reasoning: "", text: " Hello"),
        Case(reply: "  \n", reasoning: "", text: "  \n"),
        Case(reply: "", reasoning: "", text: ""),
        Case(reply: "<think>\nWhy?\n\nBecause.\n</think>\n\nSo.", reasoning: "Why?\n\nBecause.", text: "So."),
        Case(reply: "\n<think>\n\n</think>\n\nSo.", reasoning: "", text: "So."),
        Case(reply: "<thinking>a</thinking>b", reasoning: "a", text: "b"),
        Case(reply: "<seed:think>a</think>b</seed:think>c", reasoning: "a</think>b", text: "c"),
        Case(reply: "[THINK]a[/THINK]b", reasoning: "a", text: "b"),
        Case(
            reply: "<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>b<|END_RESPONSE|>", reasoning: "a",
            text: "b"),
        Case(reply: "<|START_RESPONSE|>b<|END_RESPONSE|>", reasoning: "", text: "b"),
        Case(reply: "Write <|END_RESPONSE|> at the end.", reasoning: "", text: "Write <|END_RESPONSE|> at the end."),
        Case(reply: "<|START_THINKING|>a<|START_RESPONSE|>b", reasoning: "a<|START_RESPONSE|>b", text: ""),
        Case(reply: "a<|END_THINKING|>b", reasoning: "", text: "a<|END_THINKING|>b"),
        Case(reply: "<|channel>thought\na<channel|>b", reasoning: "a", text: "b"),
        Case(
            reply: "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b",
            reasoning: "a", text: "b"),
        Case(reply: "<|channel|>final<|message|>b", reasoning: "", text: "b"),
        Case(
            reply:
                "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary<|message|>I look.<|end|>"
                + "<|start|>assistant<|channel|>analysis<|message|>c<|end|><|start|>assistant<|channel|>final<|message|> b",
            reasoning: "a\n\nc", text: "I look.\n\nb"),
        // Unmatched.
        Case(reply: "<|channel|>analysis<|message|>still at it", reasoning: "still at it", text: ""),
        Case(reply: "so<|end|> it ends", reasoning: "", text: "so<|end|> it ends"),
        Case(reply: "<|channel|>fin", reasoning: "", text: "<|channel|>fin"),
        Case(reply: "<think>still at it", reasoning: "still at it", text: ""),
        Case(reply: "done</think> and so", reasoning: "", text: "done</think> and so"),
        Case(reply: "</think>so", reasoning: "", text: "</think>so"),
        Case(reply: "<think>a</think>b</think>c", reasoning: "a", text: "b</think>c"),
        Case(reply: "a <thin", reasoning: "", text: "a <thin"),
        Case(reply: "<thin", reasoning: "", text: "<thin"),
        Case(reply: "<think>a</thi", reasoning: "a</thi", text: ""),
        // Mentioned in the text.
        Case(reply: "Use <think> and </think>.", reasoning: "", text: "Use <think> and </think>."),
        Case(reply: "`<think>`\nx", reasoning: "", text: "`<think>`\nx"),
        Case(reply: "```xml\n<think>a</think>\n```\nb", reasoning: "", text: "```xml\n<think>a</think>\n```\nb"),
        Case(
            reply: "~~~~\n```\n~~~\n<think>\n~~~~\n<think>a</think>b", reasoning: "a",
            text: "~~~~\n```\n~~~\n<think>\n~~~~\nb"),
        Case(reply: "```not a fence`\n<think>a</think>b", reasoning: "a", text: "```not a fence`\nb"),
        Case(reply: "<think>```\n</think>b", reasoning: "```", text: "b"),
        // Several, and in the middle.
        Case(reply: "<think>a</think>\n<think>b</think>c", reasoning: "a\n\nb", text: "c"),
        Case(reply: "One.\n  <think>two</think>\n\nThree.", reasoning: "two", text: "One.\n  \n\nThree."),
        // Opened by the prompt.
        Case(reply: "a\n</think>\n\nb", reasoning: "a", text: "b", open: think),
        Case(reply: "\n<think>\na</think>b", reasoning: "a", text: "b", open: think),
        Case(reply: "a</thinking>b", reasoning: "a</thinking>b", text: "", open: think),
        // Other scripts.
        Case(reply: "<think>なぜ?\n</think>\n👩‍🚀 é", reasoning: "なぜ?", text: "👩‍🚀 é"),
    ]

    private func run(_ pieces: [String], _ open: ReasoningTag?) -> (reasoning: String, text: String) {
        var splitter = ReasoningSplitter(openTag: open)
        var result = (reasoning: "", text: "")
        for piece in pieces.flatMap({ splitter.push($0) }) + splitter.finish() {
            switch piece {
            case .reasoning(let more): result.reasoning += more
            case .text(let more): result.text += more
            }
        }
        return result
    }

    @Test(arguments: cases)
    func splits(_ example: Case) {
        let whole = run([example.reply], example.open)
        #expect(whole.reasoning == example.reasoning)
        #expect(whole.text == example.text)
    }

    /// However the stream is cut: into code points, in two at every position, and at random.
    @Test(arguments: cases)
    func resultDoesNotDependOnCuts(_ example: Case) {
        let scalars = Array(example.reply.unicodeScalars)
        func text(_ range: Range<Int>) -> String {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[range])
            return String(view)
        }
        func check(_ cuts: [Int]) {
            let bounds = [0] + cuts.sorted() + [scalars.count]
            let pieces = zip(bounds, bounds.dropFirst()).map { text($0..<$1) }
            let result = run(pieces, example.open)
            #expect(result.reasoning == example.reasoning && result.text == example.text, "cut into \(pieces)")
        }
        check(Array(scalars.indices))
        for cut in scalars.indices { check([cut]) }
        var state: UInt64 = 88_172_645_463_325_252
        for _ in 0..<50 {
            let cuts = (0..<4).map { _ in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return Int(state % UInt64(scalars.count + 1))
            }
            check(cuts)
        }
    }

    /// Text that can no longer become a tag is not held back.
    @Test func holdsBackNoMoreThanATag() {
        var splitter = ReasoningSplitter()
        #expect(splitter.push("<th") == [])
        #expect(splitter.push("e end") == [.text("<the end")])
        #expect(splitter.push(" <") == [.text(" <")])
        splitter = ReasoningSplitter()
        #expect(splitter.push("<think>a </") == [.reasoning("a")])
        #expect(splitter.push("b") == [.reasoning(" </b")])
        #expect(splitter.openTag != nil)
        #expect(splitter.push("</think>") == [])
        #expect(splitter.openTag == nil)
    }

    @Test func findsTheTagLeftOpenByAPrompt() {
        #expect(ReasoningTag.leftOpen(by: "<|im_start|>assistant\n<think>\n")?.close == "</think>")
        #expect(ReasoningTag.leftOpen(by: "<|START_THINKING|>")?.close == "<|END_THINKING|>")
        #expect(ReasoningTag.leftOpen(by: "<think>\n\n</think>\n\n") == nil)
        #expect(ReasoningTag.leftOpen(by: "Assistant:") == nil)
    }

    @Test func splitsACompleteReply() {
        let parts = ReasoningSplitter.split("<think>a</think>b")
        #expect(parts.reasoning == "a" && parts.text == "b")
        #expect(ReasoningSplitter.split("b").reasoning == nil)
    }
}
