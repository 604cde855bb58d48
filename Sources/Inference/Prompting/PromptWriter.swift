import Jinja
import Reasoning
import Tokenizers

/// Turns a conversation into the tokens that a model reads.
///
/// A chat template determines the form. A base model has none: it continues a transcript, the form that such models have
/// seen most often:
///
///     <system prompt>
///
///     User: <message>
///     Assistant: <reply>
///     User: <message>
///     Assistant:
package struct PromptWriter {
    let template: ChatTemplate?
    let tokenizer: Tokenizer

    package init(template: ChatTemplate?, tokenizer: Tokenizer) {
        self.template = template
        self.tokenizer = tokenizer
    }

    /// A string that ends a reply, in addition to the model's end-of-turn tokens: what the template writes after each
    /// reply, unless that is a control token.
    var impliedStop: String? {
        guard let template else { return "\nUser:" }
        guard let end = template.traits.endOfTurn else { return nil }
        let token = tokenizer.vocabulary.id(of: end)
        return token.map { tokenizer.vocabulary.kind(of: $0) == .control } ?? false ? nil : end
    }

    /// The tokens of a conversation. A last turn by the assistant is left open: the prompt ends with its tokens if they
    /// are known, or else with its text, and the model continues it.
    package func tokens(
        _ turns: [ChatTurn], tools: JinjaValue? = nil, extra: [String: JinjaValue] = [:]
    ) throws(EngineError) -> [Int32] {
        let earlier = Self.complete(turns)
        let opened = turns.count > earlier.count ? turns.last : nil
        var segments =
            try template.map { (template) throws(EngineError) in
                try render(earlier, template, tools: tools, extra: extra).text.segments
                    .map { PromptSegment($0.text, isTrusted: $0.trusted) }
            } ?? transcript(earlier)
        if let tokens = opened?.tokens { return withBOS(tokenizer.encode(segments: segments)) + tokens }
        if let opened { segments += beginning(of: opened, after: segments) }
        return withBOS(tokenizer.encode(segments: segments))
    }

    /// The beginning of a reply that is continued, with its reasoning between the model's own tags.
    private func beginning(of turn: ChatTurn, after prompt: [PromptSegment]) -> [PromptSegment] {
        guard let template else {
            // A transcript's "Assistant:" is followed by a space in front of every reply.
            return turn.content.isEmpty ? [] : [PromptSegment(" " + turn.content, isTrusted: false)]
        }
        let leftOpen = prompt.last.flatMap { ReasoningTag.leftOpen(by: $0.text) }
        let tag = leftOpen ?? .used(in: template.source)
        var segments: [PromptSegment] = []
        if turn.reasoning != nil, leftOpen == nil { segments.append(PromptSegment(tag.open + "\n", isTrusted: true)) }
        if let reasoning = turn.reasoning { segments.append(PromptSegment(reasoning, isTrusted: false)) }
        guard !turn.content.isEmpty else { return segments }
        if turn.reasoning != nil || leftOpen != nil {
            segments.append(PromptSegment("\n\(tag.close)\n\n", isTrusted: true))
        }
        return segments + [PromptSegment(turn.content, isTrusted: false)]
    }

    /// Separates the reasoning of the reply to a prompt of `turns` from its answer. The prompt may have left a tag open.
    /// The known tokens of an open turn have not been pushed to it yet.
    package func splitter(after tokens: [Int32], of turns: [ChatTurn]) -> ReasoningSplitter {
        let opened = turns.last?.role == .assistant ? turns.last : nil
        var splitter: ReasoningSplitter
        // Longer than any tag.
        func leftOpen(_ tokens: ArraySlice<Int32>) -> ReasoningTag? {
            .leftOpen(by: tokenizer.decode(Array(tokens.suffix(40)), special: true))
        }
        if let known = opened?.tokens {
            splitter = ReasoningSplitter(openTag: leftOpen(tokens.dropLast(known.count)))
        } else if let opened, !opened.content.isEmpty {
            splitter = ReasoningSplitter()
            _ = splitter.push(opened.content)
        } else if let template, let reasoning = opened?.reasoning {
            splitter = ReasoningSplitter(openTag: .used(in: template.source))
            _ = splitter.push(reasoning)
        } else {
            splitter = ReasoningSplitter(openTag: leftOpen(tokens[...]))
        }
        return splitter
    }

    /// Plain text to be continued. With `special` it may contain control tokens.
    func tokens(_ text: String, special: Bool) -> [Int32] {
        withBOS(tokenizer.encode(text, parseSpecial: special, addSpecial: false))
    }

    /// Adds the beginning-of-sequence token if the model needs one and the template did not write it.
    private func withBOS(_ tokens: [Int32]) -> [Int32] {
        guard tokenizer.addsBOS, let bos = tokenizer.bos, tokens.first != bos else { return tokens }
        return [bos] + tokens
    }

    /// How the conversation has to be changed for this template.
    package func repairs(
        _ turns: [ChatTurn], tools: JinjaValue? = nil, extra: [String: JinjaValue] = [:]
    ) throws(EngineError) -> [PromptRepair] {
        guard let template else { return [] }
        return try render(Self.complete(turns), template, tools: tools, extra: extra).repairs
    }

    /// All turns but a last one by the assistant.
    private static func complete(_ turns: [ChatTurn]) -> [ChatTurn] {
        turns.last?.role == .assistant ? turns.dropLast() : turns
    }

    private func render(
        _ turns: [ChatTurn], _ template: ChatTemplate, tools: JinjaValue?, extra: [String: JinjaValue]
    ) throws(EngineError) -> (text: RenderedText, repairs: [PromptRepair]) {
        do throws(JinjaError) {
            return try template.renderRepairing(
                messages: messages(turns), tools: tools, addGenerationPrompt: true, extra: extra)
        } catch {
            let length = turns.reduce(0) { $0 + $1.content.unicodeScalars.count }
            let limit = JinjaLimits().outputLength
            if error.kind == .limit, length > limit / 2 { throw .textTooLong(characters: length, most: limit) }
            throw .template("\(error)")
        }
    }

    private func messages(_ turns: [ChatTurn]) -> JinjaValue {
        .list(
            turns.map { turn in
                var message = JinjaDict()
                message["role"] = .trusted(turn.role.rawValue)
                message["content"] = .string(turn.content)
                if let reasoning = turn.reasoning { message[reasoningName] = .string(reasoning) }
                return .dict(message)
            })
    }

    /// The name of the field in which this template looks for the reasoning of earlier replies.
    private var reasoningName: String {
        let source = template?.source ?? ""
        return Self.reasoningNames.first { name in
            ["message.\(name)", "'\(name)'", "\"\(name)\""].contains { source.contains($0) }
        } ?? Self.reasoningNames[0]
    }

    static let reasoningNames = ["reasoning_content", "reasoning", "thinking"]

    private func transcript(_ turns: [ChatTurn]) -> [PromptSegment] {
        var text = ""
        for turn in turns {
            switch turn.role {
            case .system: text += turn.content + "\n\n"
            case .user: text += "User: " + turn.content + "\n"
            case .assistant: text += "Assistant: " + turn.content + "\n"
            case .tool: text += "Tool: " + turn.content + "\n"
            }
        }
        return [PromptSegment(text + "Assistant:", isTrusted: false)]
    }
}
