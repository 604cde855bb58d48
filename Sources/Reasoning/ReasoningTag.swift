/// The tags that models put around their reasoning: one row per spelling.
public struct ReasoningTag: Sendable, Equatable {
    public let open: String
    public let close: String
    /// Marks around the answer in this spelling. They are neither reasoning nor text.
    let frames: [Frame]

    /// A mark before an answer or a part of it, and the mark that ends it, if there is one.
    struct Frame: Sendable, Equatable {
        let open: String
        let close: String?

        init(_ open: String, _ close: String? = nil) {
            self.open = open
            self.close = close
        }
    }

    init(_ open: String, _ close: String, frames: [Frame] = []) {
        self.open = open
        self.close = close
        self.frames = frames
    }

    /// The first one is the default.
    public static let all = [
        ReasoningTag("<think>", "</think>"),
        ReasoningTag("<thinking>", "</thinking>"),
        ReasoningTag("<thought>", "</thought>"),
        ReasoningTag("<reasoning>", "</reasoning>"),
        // Seed-OSS, MiniMax M3
        ReasoningTag("<seed:think>", "</seed:think>"),
        ReasoningTag("<mm:think>", "</mm:think>"),
        // Command A and R7B
        ReasoningTag(
            "<|START_THINKING|>", "<|END_THINKING|>",
            frames: [Frame("<|START_RESPONSE|>", "<|END_RESPONSE|>"), Frame("<|START_TEXT|>", "<|END_TEXT|>")]),
        // Magistral and Ministral
        ReasoningTag("[THINK]", "[/THINK]"),
        // Gemma 4
        ReasoningTag("<|channel>thought\n", "<channel|>"),
        // gpt-oss
        ReasoningTag(
            "<|channel|>analysis<|message|>", "<|end|>",
            frames: [
                Frame("<|start|>assistant"), Frame("<|channel|>final<|message|>", "<|end|>"),
                Frame("<|channel|>commentary<|message|>", "<|end|>"),
            ]),
        // Solar
        ReasoningTag("<|think|>", "<|end|>", frames: [Frame("<|begin|>assistant"), Frame("<|content|>", "<|end|>")]),
    ]

    /// Every string that can be part of a tag or frame.
    public static let marks = all.flatMap { tag in
        [tag.open, tag.close] + tag.frames.flatMap { [$0.open, $0.close].compactMap(\.self) }
    }

    /// The tag that a prompt leaves open at its end.
    public static func leftOpen(by prompt: String) -> ReasoningTag? {
        let end = prompt.trimmedAtEnd
        return all.first { end.hasSuffix($0.open.trimmedAtEnd) }
    }

    /// The tag that a chat template uses, or the default one.
    public static func used(in template: String) -> ReasoningTag {
        all.first { template.contains($0.close) } ?? all[0]
    }
}

extension String {
    fileprivate var trimmedAtEnd: Substring {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
