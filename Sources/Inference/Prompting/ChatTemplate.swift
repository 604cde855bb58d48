import Jinja

/// A model's chat template, which renders a conversation as one text. It gets the same variables as in Hugging Face
/// Transformers.
public struct ChatTemplate: Sendable {
    public let source: String
    /// What the template does with a small conversation.
    let traits: TemplateTraits
    private let template: JinjaTemplate
    private let bos: String
    private let eos: String

    /// Whether the template does not write the system prompt, and does not reject it either.
    var ignoresSystem: Bool { traits.ignoresSystem }

    /// - Parameters:
    ///   - source: a Jinja template, usually `tokenizer.chat_template` of the file.
    ///   - bos: text of the beginning-of-sequence token; empty if there is none.
    ///   - eos: text of the end-of-sequence token; empty if there is none.
    public init(source: String, bos: String, eos: String) throws(JinjaError) {
        self.source = source
        template = try JinjaTemplate(source)
        self.bos = bos
        self.eos = eos
        traits = TemplateTraits(template, bos: bos, eos: eos)
    }

    /// Renders a conversation.
    ///
    /// - Parameters:
    ///   - messages: a list of dictionaries with `role`, `content` and anything else that the template uses.
    ///   - tools: descriptions of functions that the model may call.
    ///   - addGenerationPrompt: whether to end the text with the beginning of an assistant's turn.
    ///   - extra: further variables, such as `enable_thinking`; they override the usual ones.
    public func render(
        messages: JinjaValue, tools: JinjaValue? = nil, addGenerationPrompt: Bool,
        extra: [String: JinjaValue] = [:], limits: JinjaLimits = JinjaLimits()
    ) throws(JinjaError) -> RenderedText {
        try template.render(
            Self.context(messages, tools, addGenerationPrompt: addGenerationPrompt, bos: bos, eos: eos)
                .merging(extra) { $1 }, limits: limits)
    }

    /// The usual variables. `tools` is undefined if there are none: some templates test only `tools is defined` before
    /// they loop over them.
    static func context(
        _ messages: JinjaValue, _ tools: JinjaValue?, addGenerationPrompt: Bool, bos: String, eos: String
    ) -> [String: JinjaValue] {
        var context: [String: JinjaValue] = [
            "messages": messages, "documents": .none, "add_generation_prompt": .bool(addGenerationPrompt),
            "bos_token": .trusted(bos), "eos_token": .trusted(eos),
        ]
        context["tools"] = tools
        return context
    }
}
