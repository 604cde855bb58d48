/// Decides which turns of a long conversation the model still reads.
///
/// If the prompt and some room for the reply do not fit the context, the oldest complete turns after the system prompt
/// are dropped (a turn is a user's message with everything up to the next one), until the prompt takes at most three
/// quarters of what would fit. The same turns then stay dropped until the context is full again: the prompts of
/// successive replies begin with the same tokens, so that the KV cache can be reused, instead of shifting by one turn
/// every time.
package struct ContextTrimmer {
    /// Context size: tokens of prompt and reply together.
    let limit: Int
    /// The turns that were dropped last time.
    private var dropped: ArraySlice<ChatTurn> = []

    /// The tokens to read.
    package struct Selection: Equatable {
        package var tokens: [Int32]
        package var droppedTurns: Int
    }

    package init(limit: Int) { self.limit = limit }

    /// - Parameters:
    ///   - replyTokens: the maximum length of the reply; at most a quarter of the context is kept free for it.
    ///   - render: renders and tokenizes a list of messages.
    package mutating func select(
        _ messages: [ChatTurn], replyTokens: Int, render: ([ChatTurn]) throws(EngineError) -> [Int32]
    ) throws(EngineError) -> Selection {
        let room = limit - max(1, min(replyTokens, limit / 4))
        let system = messages.prefix { $0.role == .system }
        let turns = Self.turns(messages[system.endIndex...])
        func selection(dropping count: Int) throws(EngineError) -> Selection {
            Selection(tokens: try render(Array(system) + turns.dropFirst(count).joined()), droppedTurns: count)
        }

        let earlier = turns.indices.first { turns[..<$0].joined().elementsEqual(dropped) } ?? 0
        let sameAsBefore = try selection(dropping: earlier)
        if sameAsBefore.tokens.count <= room { return sameAsBefore }

        // Binary search for the fewest turns to drop: rendering all choices would take quadratic time.
        let target = room * 3 / 4
        var low = earlier + 1
        var high = max(turns.count - 1, 0)
        while low < high {
            let middle = (low + high) / 2
            if try selection(dropping: middle).tokens.count <= target { high = middle } else { low = middle + 1 }
        }
        let best = try selection(dropping: high)
        // The last turn alone may use the room of the reply, but some of the context has to be left.
        guard best.tokens.count < limit else {
            throw .lastMessageTooLong(tokens: best.tokens.count, limit: limit)
        }
        dropped = ArraySlice(turns[..<high].joined())
        return best
    }

    /// Messages grouped by turn. Each turn begins with a user's message; the first also has what comes before it.
    private static func turns(_ messages: ArraySlice<ChatTurn>) -> [ArraySlice<ChatTurn>] {
        var starts = messages.indices.filter { messages[$0].role == .user }
        if starts.first != messages.startIndex, !messages.isEmpty {
            if starts.isEmpty { starts = [messages.startIndex] } else { starts[0] = messages.startIndex }
        }
        return starts.indices.map { index in
            messages[starts[index]..<(index + 1 < starts.count ? starts[index + 1] : messages.endIndex)]
        }
    }
}
