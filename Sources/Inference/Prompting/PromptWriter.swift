import Jinja
import Reasoning
import Tokenizers

/// Turns a conversation into the tokens a model reads.
///
/// With a chat template the template decides. A base model has none: it gets a transcript, the form such models have
/// seen most often, and continues it:
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

    /// A text that ends a reply in the form that this writer uses, besides the model's own end-of-turn tokens.
    var impliedStop: String? { template == nil ? "\nUser:" : nil }

    /// A last turn by the assistant is left open: the prompt ends with its text, and the model continues it;
    /// where the turn knows its tokens, they are taken as they are.
    package func tokens(
        _ turns: [ChatTurn], tools: JinjaValue? = nil, extra: [String: JinjaValue] = [:]
    ) throws(EngineError) -> [Int32] {
        var earlier = turns
        let opened = turns.last?.role == .assistant ? earlier.popLast() : nil
        var segments =
            try template.map { (template) throws(EngineError) in
                try render(earlier, template, tools: tools, extra: extra)
            } ?? transcript(earlier)
        if let tokens = opened?.tokens { return withBOS(tokenizer.encode(segments: segments)) + tokens }
        if let opened { segments += beginning(of: opened, after: segments) }
        return withBOS(tokenizer.encode(segments: segments))
    }

    /// What there is of a reply that goes on, its thoughts between the tags that the model knows.
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

    /// What takes the coming reply's thoughts apart from its text, given the prompt that was made of `turns`: the prompt
    /// may have left a tag open. Known tokens of a turn that goes on are still to be pushed.
    package func splitter(after tokens: [Int32], of turns: [ChatTurn]) -> ReasoningSplitter {
        let opened = turns.last?.role == .assistant ? turns.last : nil
        var splitter: ReasoningSplitter
        // More than any tag takes.
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

    /// Plain text to be continued. `special` parses control tokens in it.
    func tokens(_ text: String, special: Bool) -> [Int32] {
        withBOS(tokenizer.encode(text, parseSpecial: special, addSpecial: false))
    }

    /// Exactly one begin-of-sequence token where the model wants one, whether the template wrote it or not.
    private func withBOS(_ tokens: [Int32]) -> [Int32] {
        guard tokenizer.addsBOS, let bos = tokenizer.bos, tokens.first != bos else { return tokens }
        return [bos] + tokens
    }

    private func render(
        _ turns: [ChatTurn], _ template: ChatTemplate, tools: JinjaValue?, extra: [String: JinjaValue]
    ) throws(EngineError) -> [PromptSegment] {
        do throws(JinjaError) {
            let text: RenderedText
            do throws(JinjaError) {
                text = try template.render(
                    messages: messages(turns), tools: tools, addGenerationPrompt: true, extra: extra)
            } catch {
                // Some templates (Gemma's first ones) refuse a system message; its text then opens the first message.
                guard error.kind == .raised, let folded = foldingSystem(turns) else { throw error }
                text = try template.render(
                    messages: messages(folded), tools: tools, addGenerationPrompt: true, extra: extra)
            }
            return text.segments.map { PromptSegment($0.text, isTrusted: $0.trusted) }
        } catch {
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

    /// What this template calls the thoughts of an earlier reply, which it takes in or leaves out.
    private var reasoningName: String {
        let names = ["reasoning_content", "reasoning", "thinking"]
        let source = template?.source ?? ""
        return names.first { name in
            ["message.\(name)", "'\(name)'", "\"\(name)\""].contains { source.contains($0) }
        } ?? names[0]
    }

    private func foldingSystem(_ turns: [ChatTurn]) -> [ChatTurn]? {
        guard let system = turns.first, system.role == .system else { return nil }
        var rest = Array(turns.dropFirst())
        guard let first = rest.firstIndex(where: { $0.role == .user }) else { return nil }
        rest[first].content = system.content + "\n\n" + rest[first].content
        return rest
    }

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
