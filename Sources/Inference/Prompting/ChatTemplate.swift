import Jinja

/// A model's chat template, which renders a conversation as one text. It gets the same variables as in Hugging Face
/// Transformers.
public struct ChatTemplate: Sendable {
    public let source: String
    private let template: JinjaTemplate
    private let bos: String
    private let eos: String

    /// - Parameters:
    ///   - source: a Jinja template, usually `tokenizer.chat_template` of the file.
    ///   - bos: text of the beginning-of-sequence token; empty if there is none.
    ///   - eos: text of the end-of-sequence token; empty if there is none.
    public init(source: String, bos: String, eos: String) throws(JinjaError) {
        self.source = source
        template = try JinjaTemplate(source)
        self.bos = bos
        self.eos = eos
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
        extra: [String: JinjaValue] = [:]
    ) throws(JinjaError) -> RenderedText {
        let context: [String: JinjaValue] = [
            "messages": messages, "tools": tools ?? .none, "documents": .none,
            "add_generation_prompt": .bool(addGenerationPrompt), "bos_token": .trusted(bos),
            "eos_token": .trusted(eos),
        ]
        return try template.render(context.merging(extra) { $1 })
    }
}
