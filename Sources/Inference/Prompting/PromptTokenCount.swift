extension Model {
    /// The number of tokens of a text in a prompt; nil if the file has no vocabulary. Does not wait for the engine.
    public func tokenCount(of text: String) -> Int? { tokenizer?.encode(text).count }

    /// The number of tokens of a conversation's prompt, whether or not it fits the context; nil if the file has no
    /// vocabulary or its template fails.
    public func promptTokenCount(_ turns: [ChatTurn]) -> Int? {
        guard let tokenizer, templateProblem == nil else { return nil }
        return try? PromptWriter(template: template, tokenizer: tokenizer).tokens(turns, tools: nil, extra: [:]).count
    }
}
