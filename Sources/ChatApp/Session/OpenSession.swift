import Chat

/// The open session and everything that belongs to it alone. Replaced as a whole when another session opens.
public struct OpenSession: Sendable {
    public internal(set) var record: SessionRecord
    public internal(set) var reply: RunningReply?
    /// The part of the model's context that the shown branch takes; nil while it is not known.
    public internal(set) var context: ContextUse?
    /// What `context` was reported or asked for.
    var contextBasis: ContextBasis?
    /// The shown branch of the conversation.
    var transcript: Transcript
    var tokens = TokenLog()
    /// Messages whose reasoning is shown the other way than `Screen.reasoning` says: open instead of folded, or folded
    /// instead of open.
    var reasoningExceptions: Set<Message.ID> = []
    var unsaved: Unsaved?
    /// Whether the last reply failed, so that Enter without a draft tries again or goes on.
    var canResume = false
    /// The question to which another reply was refused because it would be the same again.
    var newSeedOffer: Message.ID?
    /// The user's system prompt before a preset replaced it.
    var ownSystem: String?
    /// Whom the conversation may be sent to.
    var consent: RemoteConsent
    /// What was deleted from the conversation since the session was opened, the latest last.
    var deletions: [Conversation.Removal] = []

    init(_ record: SessionRecord) {
        self.record = record
        consent = RemoteConsent(record)
        transcript = Transcript(record.conversation)
    }

    /// A message of the shown branch by its number, from 1; nil if none is given.
    func message(numbered number: String) throws(CommandError) -> Message? {
        if number.isEmpty { return nil }
        let path = record.conversation.path
        guard !path.isEmpty else { throw CommandError("There are no messages yet") }
        guard let wanted = Int(number), path.indices.contains(wanted - 1) else {
            throw CommandError("There is no message \"\(number)\". Choose a number from 1 to \(path.count)")
        }
        return path[wanted - 1]
    }
}

/// How much of the model's context is used, in tokens.
public struct ContextUse: Sendable, Equatable {
    public var used: Int
    public var limit: Int

    public init(used: Int, limit: Int) {
        self.used = used
        self.limit = limit
    }
}

/// The session could not be written to disk. The user is warned before leaving it.
public struct Unsaved: Sendable, Equatable {
    /// Why, in one line.
    var reason: String
    /// The user was warned and may leave all the same.
    var isReported = false
}
