import Reasoning

extension Engine {
    /// A prompt as tokens, and texts that end the reply because of the prompt's form.
    struct ReadPrompt {
        var tokens: [Int32]
        var impliedStops: [String] = []
        /// Takes the reply's thoughts apart from its text; nil for a prompt without turns, whose reply is one text.
        var splitter: ReasoningSplitter?
        /// The assistant's turn at the end, which the reply continues.
        var opened: ChatTurn?
    }

    /// Renders and tokenizes; conversations that outgrow the window lose their oldest turns, visibly.
    func read(
        _ prompt: Prompt, replyTokens: Int, emit: (EngineEvent) -> Void
    ) throws(EngineError) -> ReadPrompt {
        switch prompt {
        case .tokens(let tokens): return ReadPrompt(tokens: try fitting(tokens))
        case .text(let text, let special):
            return ReadPrompt(tokens: try fitting(try promptWriter().tokens(text, special: special)))
        case .messages(let turns, let tools, let extra):
            let writer = try promptWriter()
            let selection = try window.select(turns, replyTokens: replyTokens > 0 ? replyTokens : contextLength) {
                (turns) throws(EngineError) in try writer.tokens(turns, tools: tools, extra: extra)
            }
            if selection.droppedTurns > 0 {
                emit(
                    .turnsDropped(
                        count: selection.droppedTurns, promptTokens: selection.tokens.count, limit: contextLength))
            }
            return ReadPrompt(
                tokens: selection.tokens, impliedStops: writer.impliedStop.map { [$0] } ?? [],
                splitter: writer.splitter(after: selection.tokens, of: turns),
                opened: turns.last?.role == .assistant ? turns.last : nil)
        }
    }

    /// The tokens that a prompt becomes, as `generate` would read them.
    public func tokens(of prompt: Prompt) throws(EngineError) -> [Int32] {
        try read(prompt, replyTokens: 0, emit: { _ in }).tokens
    }

    func promptWriter() throws(EngineError) -> PromptWriter {
        guard let tokenizer = model.tokenizer else {
            throw .noTokenizer(reason: model.tokenizerProblem ?? "no vocabulary")
        }
        if let problem = model.templateProblem { throw .template(problem) }
        return PromptWriter(template: model.template, tokenizer: tokenizer)
    }

    /// A prompt of one piece, which nothing can be left out of.
    private func fitting(_ tokens: [Int32]) throws(EngineError) -> [Int32] {
        guard tokens.count < contextLength else { throw .promptTooLong(tokens: tokens.count, limit: contextLength) }
        return tokens
    }
}
