/// How models mark what they think before they answer: one row for each spelling.
public struct ReasoningTag: Sendable, Equatable {
    public let open: String
    public let close: String
    /// Marks that stand around the answer in this spelling, and are part of neither.
    let frames: [String]

    init(_ open: String, _ close: String, frames: [String] = []) {
        self.open = open
        self.close = close
        self.frames = frames
    }

    /// The first one is the usual one.
    public static let all = [
        ReasoningTag("<think>", "</think>"),
        ReasoningTag("<thinking>", "</thinking>"),
        ReasoningTag("<thought>", "</thought>"),
        ReasoningTag("<reasoning>", "</reasoning>"),
        // Seed-OSS, MiniMax M3
        ReasoningTag("<seed:think>", "</seed:think>"),
        ReasoningTag("<mm:think>", "</mm:think>"),
        // Command A and R7B
        ReasoningTag("<|START_THINKING|>", "<|END_THINKING|>", frames: ["<|START_RESPONSE|>", "<|END_RESPONSE|>"]),
        // Magistral and Ministral
        ReasoningTag("[THINK]", "[/THINK]"),
        // Gemma 4
        ReasoningTag("<|channel>thought\n", "<channel|>"),
        // gpt-oss
        ReasoningTag(
            "<|channel|>analysis<|message|>", "<|end|>",
            frames: ["<|start|>assistant", "<|channel|>final<|message|>"]),
        // Solar
        ReasoningTag("<|think|>", "<|end|>", frames: ["<|begin|>assistant", "<|content|>"]),
    ]

    /// Every text that can be part of a tag or a frame.
    public static let marks = all.flatMap { [$0.open, $0.close] + $0.frames }

    /// The tag that a prompt leaves open at its end, for the model to think on.
    public static func leftOpen(by prompt: String) -> ReasoningTag? {
        let end = prompt.trimmedAtEnd
        return all.first { end.hasSuffix($0.open.trimmedAtEnd) }
    }

    /// The tag that a chat template speaks of, else the usual one.
    public static func spoken(by template: String) -> ReasoningTag {
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
