import Jinja
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
struct PromptWriter {
    let template: ChatTemplate?
    let tokenizer: Tokenizer

    /// A text that ends a reply in the form that this writer uses, besides the model's own end-of-turn tokens.
    var impliedStop: String? { template == nil ? "\nUser:" : nil }

    /// A last turn by the assistant is left open: the prompt ends with its text, and the model continues it;
    /// where the turn knows its tokens, they are taken as they are.
    func tokens(
        _ turns: [ChatTurn], tools: JinjaValue?, extra: [String: JinjaValue]
    ) throws(EngineError) -> [Int32] {
        var earlier = turns
        let opened = turns.last?.role == .assistant ? earlier.popLast() : nil
        var segments = try template.map { (template) throws(EngineError) in
            try render(earlier, template, tools: tools, extra: extra)
        } ?? transcript(earlier)
        if let tokens = opened?.tokens { return withBOS(tokenizer.encode(segments: segments)) + tokens }
        if let opened, !opened.content.isEmpty {
            // A transcript's "Assistant:" is followed by a space in front of every reply.
            let text = template == nil ? " " + opened.content : opened.content
            segments.append(PromptSegment(text, isTrusted: false))
        }
        return withBOS(tokenizer.encode(segments: segments))
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
                if let reasoning = turn.reasoning { message["reasoning_content"] = .string(reasoning) }
                return .dict(message)
            })
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
