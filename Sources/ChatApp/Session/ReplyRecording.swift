import Chat
import Foundation
import Replies

/// Writing the running reply into the conversation, and recording how it went.
extension OpenSession {
    /// Adds a token and the text that is complete with it.
    ///
    /// - Parameter now: the time by the wall clock, for a message that begins.
    /// - Returns: what the session's journal is to record.
    mutating func append(_ chunk: ReplyChunk, now: Date, instant: ContinuousClock.Instant) -> [Effect] {
        if let details = chunk.details { recordToken(details) }
        if let used = chunk.contextUsed { context?.used = used }
        let hasText = !chunk.text.isEmpty || !chunk.reasoning.isEmpty
        if hasText || chunk.tokenCount > 0 { reply?.count(chunk, now: instant) }
        guard hasText, let message = replyMessage(now: now) else { return [] }
        if reply?.continued != nil { markContinued(message) }
        record.conversation.update(message) { message in
            message.content += chunk.text
            if !chunk.reasoning.isEmpty { message.reasoning = (message.reasoning ?? "") + chunk.reasoning }
        }
        guard let written = record.conversation[message], record.isWorthSaving else { return [] }
        return [.journal(session: record.id, message: written)]
    }

    /// The message that the running reply is written to, created when its first text comes.
    private mutating func replyMessage(now: Date) -> Message.ID? {
        if let message = reply?.message { return message }
        guard let reply else { return nil }
        var message = Message(
            id: record.conversation.nextID(), parent: reply.parent, role: .assistant, created: now, content: "",
            origin: Message.Origin(model: reply.model, settings: reply.settings, seed: reply.seed))
        message.providerState = reply.providerState
        // If the user has gone to another branch meanwhile, that one stays visible.
        let shown = record.conversation.head
        record.conversation.append(message)
        if shown != reply.parent {
            record.conversation.moveHead(to: shown)
            transcript = Transcript(record.conversation)
        }
        self.reply?.message = message.id
        if !reply.early.isEmpty { tokens.set(reply.early, for: message.id, by: reply.model) }
        self.reply?.early = []
        return message.id
    }

    /// Keeps what the service wants back with the reply's message.
    mutating func setProviderState(_ state: ProviderState) {
        guard let reply else { return }
        self.reply?.providerState = state
        if let message = reply.message { record.conversation.update(message) { $0.providerState = state } }
    }

    /// Notes that a message is no longer explained by its origin alone: the continuation has another seed, perhaps
    /// another model.
    private mutating func markContinued(_ id: Message.ID) {
        guard let reply else { return }
        record.conversation.update(id) { message in
            var origin = message.origin ?? Message.Origin(model: reply.model, settings: reply.settings, seed: nil)
            origin.seed = nil
            message.origin = origin
        }
    }

    // MARK: The end

    /// What became of a reply.
    enum ReplyEnd {
        case written
        /// It was to continue a message, which stays as it was.
        case nothingAdded
        case nothingWritten
    }

    /// Records a reply's own figures. One that was stopped before its first word leaves no trace; one that the model
    /// ended without a word is kept, as an empty reply.
    mutating func recordEnd(_ stats: ReplyStats, now: Date) -> ReplyEnd {
        guard let reply else { return .nothingWritten }
        if let original = reply.continued { return recordContinuation(stats, of: original) }
        guard stats.stop != .cancelled || reply.message != nil, let message = replyMessage(now: now) else {
            return .nothingWritten
        }
        let settings = record.settings
        record.conversation.update(message) { message in
            message.origin?.stats = stats
            message.origin?.settings = settings
        }
        return .written
    }

    /// Records the figures that are known here of a reply that ends half-written.
    mutating func recordInterruption(_ stop: StopReason, now: ContinuousClock.Instant) -> ReplyEnd {
        guard let reply, let message = reply.message else { return .nothingWritten }
        var stats = ReplyStats(
            promptTokens: 0, cachedTokens: 0, generatedTokens: reply.tokens,
            firstTokenSeconds: reply.firstToken.map { $0.seconds(since: reply.started) } ?? 0,
            tokensPerSecond: reply.tokensPerSecond(now: now) ?? 0, stop: stop)
        stats.reasoningTokens = reply.reasoningTokens
        stats.reasoningSeconds = reply.reasoningSeconds(now: now) ?? 0
        if let original = reply.continued { return recordContinuation(stats, of: original) }
        record.conversation.update(message) { $0.origin?.stats = stats }
        return .written
    }

    /// Adds up the figures of both parts. If nothing was added, the message stays as it was.
    private mutating func recordContinuation(_ stats: ReplyStats, of original: Message) -> ReplyEnd {
        let after = record.conversation[original.id]
        guard after?.content != original.content || after?.reasoning != original.reasoning else {
            record.conversation.update(original.id) { $0 = original }
            return .nothingAdded
        }
        let settings = record.settings
        record.conversation.update(original.id) { message in
            message.origin?.stats = original.origin?.stats.map { $0.continued(by: stats) } ?? stats
            message.origin?.settings = settings
        }
        return .written
    }

    /// Removes the running reply. If it has no message, what was shown before is shown again.
    mutating func endReply() {
        if let reply, reply.message == nil, let previous = reply.previousHead,
            record.conversation.head == reply.parent
        {
            record.conversation.moveHead(to: previous)
        }
        reply = nil
    }

    /// Records the fingerprint of the file that the running reply comes from.
    mutating func applyFingerprintToReply(_ model: ModelReference) {
        guard let reply, reply.model.hasSameName(as: model), reply.model.fingerprint == nil else { return }
        self.reply?.model = model
        if let message = reply.message { record.conversation.update(message) { $0.origin?.model = model } }
    }
}

extension ReplyStats {
    /// The figures of a reply that was generated in two parts.
    fileprivate func continued(by later: ReplyStats) -> ReplyStats {
        var both = later
        both.generatedTokens += generatedTokens
        both.draftedTokens += draftedTokens
        both.acceptedTokens += acceptedTokens
        both.reasoningTokens += reasoningTokens
        both.reasoningSeconds += reasoningSeconds
        both.cost = [cost, later.cost].compactMap(\.self).reduce(nil) { sum, cost in
            Cost(dollars: (sum?.dollars ?? 0) + cost.dollars, priceDate: cost.priceDate)
        }
        both.firstTokenSeconds = firstTokenSeconds
        let parts = [self, later].filter { $0.tokensPerSecond > 0 }
        let seconds = parts.reduce(0) { $0 + Double($1.generatedTokens) / $1.tokensPerSecond }
        both.tokensPerSecond =
            seconds > 0 ? Double(parts.reduce(0) { $0 + $1.generatedTokens }) / seconds : later.tokensPerSecond
        return both
    }
}
