extension Model {
    /// Tokens of a text as it stands in a prompt; nil where the file has no vocabulary. Does not wait for the engine.
    public func tokenCount(of text: String) -> Int? { tokenizer?.encode(text).count }

    /// Tokens of the prompt that a conversation becomes, whether or not it fits a window; nil where the file has no
    /// vocabulary or its template refuses the conversation.
    public func promptTokenCount(_ turns: [ChatTurn]) -> Int? {
        guard let tokenizer, templateProblem == nil else { return nil }
        return try? PromptWriter(template: template, tokenizer: tokenizer).tokens(turns, tools: nil, extra: [:]).count
    }
}
