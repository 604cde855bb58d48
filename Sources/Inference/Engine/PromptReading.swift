import Reasoning
import Replies

extension Engine {
    /// A tokenized prompt.
    struct ReadPrompt {
        var tokens: [Int32]
        /// Strings that end the reply because of the prompt's form.
        var impliedStops: [String] = []
        /// Separates the reply's reasoning from its answer; nil for a prompt without turns.
        var splitter: ReasoningSplitter?
        /// The assistant's turn at the end, which the reply continues.
        var opened: ChatTurn?
    }

    /// Renders and tokenizes a prompt. If a conversation does not fit the context, its oldest turns are dropped, with a
    /// notice.
    func read(
        _ prompt: Prompt, replyTokens: Int, onEvent: (ReplyEvent) -> Void
    ) throws(EngineError) -> ReadPrompt {
        switch prompt {
        case .tokens(let tokens): return ReadPrompt(tokens: try fitting(tokens))
        case .text(let text, let special):
            return ReadPrompt(tokens: try fitting(try model.promptWriter().tokens(text, special: special)))
        case .messages(let turns, let tools, let extra):
            let writer = try model.promptWriter()
            let selection = try select(turns, replyTokens: replyTokens) { (turns) throws(EngineError) in
                try writer.tokens(turns, tools: tools, extra: extra)
            }
            if selection.droppedTurns > 0 {
                onEvent(
                    .notice(
                        .turnsDropped(
                            count: selection.droppedTurns, promptTokens: selection.tokens.count, limit: contextLength)))
            }
            return ReadPrompt(
                tokens: selection.tokens, impliedStops: writer.impliedStop.map { [$0] } ?? [],
                splitter: writer.splitter(after: selection.tokens, of: turns),
                opened: turns.last?.role == .assistant ? turns.last : nil)
        }
    }

    /// The tokens of a prompt as `generate` would read it, and how many of the oldest turns are left out.
    public func readPrompt(_ prompt: Prompt) throws(EngineError) -> (tokens: [Int32], droppedTurns: Int) {
        var dropped = 0
        let tokens = try read(prompt, replyTokens: 0) { event in
            if case .notice(.turnsDropped(let count, _, _)) = event { dropped = count }
        }.tokens
        return (tokens, dropped)
    }

    private func select(
        _ turns: [ChatTurn], replyTokens: Int, render: ([ChatTurn]) throws(EngineError) -> [Int32]
    ) throws(EngineError) -> ContextTrimmer.Selection {
        do throws(EngineError) {
            return try trimmer.select(
                turns, replyTokens: replyTokens > 0 ? replyTokens : contextLength, render: render)
        } catch {
            guard case .lastMessageTooLong(let tokens, let limit) = error, turns.last?.role == .assistant else {
                throw error
            }
            throw .replyFillsContext(tokens: tokens, limit: limit)
        }
    }

    /// Checks the length of a prompt of which nothing can be dropped.
    private func fitting(_ tokens: [Int32]) throws(EngineError) -> [Int32] {
        guard tokens.count < contextLength else { throw .promptTooLong(tokens: tokens.count, limit: contextLength) }
        return tokens
    }
}
