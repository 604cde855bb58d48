import Jinja

/// What a chat template does with a small conversation, found by rendering one.
struct TemplateTraits: Sendable, Equatable {
    /// Whether a system prompt appears nowhere in the text.
    let ignoresSystem: Bool
    /// The marker that the template writes after an assistant's message, such as `<|im_end|>`. It ends a reply even if
    /// the file names it nowhere else.
    let endOfTurn: String?
    /// What the template itself writes around messages, including what it puts together (`'<|' + role + '|>'`).
    let ownText: String

    /// For small conversations. Lists look at the templates of many files, and a hostile one must not hold them up.
    static let limits = {
        var limits = JinjaLimits()
        limits.steps = 1_000_000
        return limits
    }()

    // Words that no template writes.
    private static let system = "qzsystem"
    static let question = "qzquestion"
    private static let reply = "qzreply"
    private static let thought = "qzthought"

    init(_ template: JinjaTemplate, bos: String, eos: String) {
        func render(
            _ turns: [(role: String, content: String)], _ addGenerationPrompt: Bool, thought: String? = nil
        ) -> RenderedText? {
            let messages = turns.map { turn in
                var message = JinjaDict(["role": .trusted(turn.role), "content": .string(turn.content)])
                if turn.role == "assistant", let thought {
                    for name in PromptWriter.reasoningNames { message[name] = .string(thought) }
                }
                return JinjaValue.dict(message)
            }
            return try? template.render(
                ChatTemplate.context(
                    .list(messages), nil, addGenerationPrompt: addGenerationPrompt, bos: bos, eos: eos),
                limits: Self.limits)
        }
        let exchange = [("user", Self.question), ("assistant", Self.reply)]
        let withSystem = render([("system", Self.system)] + exchange + exchange.prefix(1), true)
        ignoresSystem = withSystem.map { !$0.text.contains(Self.system) } ?? false
        let complete = render(exchange, false)
        let end = complete.flatMap { Self.marker(after: Self.reply, in: $0) }
        // Some templates (Solar, Kimi K3) write the same marker after the thoughts, where the reply only begins.
        let thinking = render(exchange, false, thought: Self.thought)?.text ?? ""
        let between = thinking.ranges(of: Self.thought).last.map { thinking[$0.upperBound...] } ?? ""
        let answer = between.ranges(of: Self.reply).first?.lowerBound ?? between.startIndex
        endOfTurn = end.flatMap { between[..<answer].contains($0) ? nil : $0 }
        let texts = [withSystem, complete, render(Array(exchange.prefix(1)), true)].compactMap(\.self)
        ownText = texts.flatMap(\.segments).filter(\.trusted).map(\.text).joined(separator: "\n")
    }

    /// The bracketed word after the last occurrence of `word`. Other text (the header of the next turn, in templates that
    /// always write one) could be part of an answer and does not count.
    private static func marker(after word: String, in rendered: RenderedText) -> String? {
        guard let range = rendered.text.ranges(of: word).last else { return nil }
        let rest = rendered.text[range.upperBound...].drop(while: \.isWhitespace)
        guard let first = rest.first, let close = [Character("<"): Character(">"), "[": "]"][first],
            let end = rest.firstIndex(of: close)
        else { return nil }
        let marker = rest[...end]
        guard marker.count > 2, marker.utf8.count <= longestMarker, !marker.contains(where: \.isWhitespace) else {
            return nil
        }
        return String(marker)
    }

    private static let longestMarker = 64
}
