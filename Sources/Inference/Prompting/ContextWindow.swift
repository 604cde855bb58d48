/// Decides which turns of a long conversation the model still reads.
///
/// When the prompt and some room for the reply do not fit, the oldest whole turns after the system prompt leave (a turn
/// being a user's message with everything up to the next one), down to three quarters of what would fit. The same turns
/// then stay away until the window is full again: the prompts of successive replies share their beginning, so that the
/// key-value cache keeps its worth, instead of shifting by one turn every time.
package struct ContextWindow {
    /// Tokens of prompt and reply together.
    let limit: Int
    /// The turns that left last time.
    private var dropped: ArraySlice<ChatTurn> = []

    /// What to read.
    package struct Selection: Equatable {
        package var tokens: [Int32]
        package var droppedTurns: Int
    }

    package init(limit: Int) { self.limit = limit }

    /// - Parameters:
    ///   - replyTokens: how long the reply may become; at most a quarter of the window is kept free for it.
    ///   - render: tokens of a list of messages.
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

        // The fewest turns to drop, found by halving: rendering all choices would take the square of the length.
        let target = room * 3 / 4
        var low = earlier + 1
        var high = max(turns.count - 1, 0)
        while low < high {
            let middle = (low + high) / 2
            if try selection(dropping: middle).tokens.count <= target { high = middle } else { low = middle + 1 }
        }
        let best = try selection(dropping: high)
        // The last turn alone may use the room of the reply, but some of the window has to be left.
        guard best.tokens.count < limit else {
            throw .lastMessageTooLong(tokens: best.tokens.count, limit: limit)
        }
        dropped = ArraySlice(turns[..<high].joined())
        return best
    }

    /// Messages by turn: each begins with a user's message, except that the first takes what comes before one.
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
