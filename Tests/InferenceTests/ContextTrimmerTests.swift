import Inference
import Testing

/// Which turns are kept when a conversation exceeds the context. Here, a message has one token per character.
struct ContextTrimmerTests {
    private func count(_ turns: [ChatTurn]) -> [Int32] { turns.flatMap { $0.content.map { _ in 1 } } }

    private func conversation(turns: Int, length: Int) -> [ChatTurn] {
        [ChatTurn(role: .system, content: "system")]
            + (0..<turns).flatMap { _ in
                [
                    ChatTurn(role: .user, content: String(repeating: "q", count: length)),
                    ChatTurn(role: .assistant, content: String(repeating: "a", count: length)),
                ]
            } + [ChatTurn(role: .user, content: "now")]
    }

    @Test func keepsConversationsThatFit() throws {
        var trimmer = ContextTrimmer(limit: 1000)
        let turns = conversation(turns: 4, length: 10)
        let selection = try trimmer.select(turns, replyTokens: 100, render: count)
        #expect(selection.droppedTurns == 0)
        #expect(selection.tokens.count == 6 + 80 + 3)
    }

    /// At most a quarter is reserved for the reply; three quarters of the rest are filled.
    @Test func dropsTheOldestTurns() throws {
        var trimmer = ContextTrimmer(limit: 100)
        let selection = try trimmer.select(conversation(turns: 10, length: 5), replyTokens: 500, render: count)
        #expect(selection.tokens.count <= 75 * 3 / 4)
        #expect(selection.tokens.count > 75 * 3 / 4 - 10)
        #expect(selection.tokens.count == 6 + (10 - selection.droppedTurns) * 10 + 3)
    }

    /// The next reply drops the same turns as long as that is enough, so that prompts have a common prefix.
    @Test func dropsTheSameTurnsAgain() throws {
        var trimmer = ContextTrimmer(limit: 100)
        let first = try trimmer.select(conversation(turns: 10, length: 5), replyTokens: 500, render: count)
        let second = try trimmer.select(conversation(turns: 11, length: 5), replyTokens: 500, render: count)
        #expect(second.droppedTurns == first.droppedTurns)
        let later = try trimmer.select(conversation(turns: 13, length: 5), replyTokens: 500, render: count)
        #expect(later.droppedTurns > first.droppedTurns)
    }

    @Test func theLastMessageMayUseSpaceReservedForTheReply() throws {
        var trimmer = ContextTrimmer(limit: 100)
        let long = [ChatTurn(role: .user, content: String(repeating: "q", count: 90))]
        #expect(try trimmer.select(long, replyTokens: 50, render: count).tokens.count == 90)
        let tooLong = [ChatTurn(role: .user, content: String(repeating: "q", count: 100))]
        #expect(throws: EngineError.lastMessageTooLong(tokens: 100, limit: 100)) {
            try trimmer.select(tooLong, replyTokens: 50, render: count)
        }
    }
}
