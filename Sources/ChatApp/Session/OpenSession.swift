import Chat

/// The open session and everything that belongs to it alone. Replaced as a whole when another session opens.
public struct OpenSession: Sendable {
    public internal(set) var record: SessionRecord
    public internal(set) var reply: RunningReply?
    /// Tokens of the model's context in use after the latest reply.
    public internal(set) var context: ContextUse?
    /// The shown branch of the conversation.
    var transcript: Transcript
    var tokens = TokenLog()
    var thoughts = Thoughts()
    var unsaved: Unsaved?
    /// What was deleted from the conversation since the session was opened, the latest last.
    var deletions: [Conversation.Removal] = []

    init(_ record: SessionRecord) {
        self.record = record
        transcript = Transcript(record.conversation)
    }
}

/// How much of the model's context is used, in tokens.
public struct ContextUse: Sendable, Equatable {
    public var used: Int
    public var limit: Int
}
