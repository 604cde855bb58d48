import Jinja

/// A model's own way of writing a conversation as one text, with the variables Hugging Face gives to it.
public struct ChatTemplate: Sendable {
    public let source: String
    private let template: JinjaTemplate
    private let bos: String
    private let eos: String

    /// - Parameters:
    ///   - source: Jinja text, usually `tokenizer.chat_template` of the file.
    ///   - bos: text of the token that begins a sequence, empty when there is none.
    ///   - eos: text of the token that ends one.
    public init(source: String, bos: String, eos: String) throws(JinjaError) {
        self.source = source
        template = try JinjaTemplate(source)
        self.bos = bos
        self.eos = eos
    }

    /// Renders a conversation.
    ///
    /// - Parameters:
    ///   - messages: a list of dictionaries with `role`, `content` and whatever else the template knows.
    ///   - tools: descriptions of functions the model may call; none when nil.
    ///   - addGenerationPrompt: whether the text ends where the assistant begins to speak.
    ///   - extra: further variables, such as `enable_thinking`; they win over the usual ones.
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
