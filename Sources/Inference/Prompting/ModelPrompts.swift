import Tokenizers

extension Model {
    func promptWriter() throws(EngineError) -> PromptWriter {
        PromptWriter(template: template, tokenizer: try requireTokenizer())
    }

    /// Throws if the model has no tokenizer, or one that is not supported.
    public func requireTokenizer() throws(EngineError) -> Tokenizer {
        if let tokenizer { return tokenizer }
        throw .noTokenizer(isFolder: ModelFiles.isFolder(path), reason: tokenizerProblem ?? "it has no vocabulary")
    }

    /// The tokens of a conversation's prompt, whether or not it fits the context.
    public func promptTokens(_ prompt: Prompt) throws(EngineError) -> [Int32] {
        switch prompt {
        case .tokens(let tokens): return tokens
        case .text(let text, let special): return try promptWriter().tokens(text, special: special)
        case .messages(let turns, let tools, let extra):
            return try promptWriter().tokens(turns, tools: tools, extra: extra)
        }
    }

    /// What has to be changed in a conversation so that the model's template takes it.
    public func promptRepairs(_ prompt: Prompt) throws(EngineError) -> [PromptRepair] {
        guard case .messages(let turns, let tools, let extra) = prompt else { return [] }
        return try promptWriter().repairs(turns, tools: tools, extra: extra)
    }

    /// The number of tokens of a text in a prompt; nil if the file has no vocabulary. Does not wait for the engine.
    public func tokenCount(of text: String) -> Int? { tokenizer?.encode(text).count }

    /// The number of tokens of a conversation's prompt, whether or not it fits the context; nil if the file has no
    /// vocabulary or its template fails.
    public func promptTokenCount(_ turns: [ChatTurn]) -> Int? {
        try? promptWriter().tokens(turns, tools: nil, extra: [:]).count
    }
}
