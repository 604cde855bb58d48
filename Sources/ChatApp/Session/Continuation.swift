import Chat

/// Going on from a reply that was stopped, interrupted or cut off.
extension AppState {
    /// `/continue`: the model writes on where the last reply ends.
    mutating func continueReply() throws(CommandError) -> [Effect] {
        guard let last = session.record.conversation.head.flatMap({ session.record.conversation[$0] }),
            last.role == .assistant
        else {
            throw CommandError("there is no reply to go on from; /regen makes one")
        }
        guard !last.content.isEmpty else { throw CommandError("the last reply is empty; /regen makes another") }
        guard canStartReply() else { return [] }
        reading.selection = nil
        screen.notices.dismissAll()
        return startReply(to: last.parent ?? last.id, previousHead: nil, continuing: last)
    }

    /// What a message says of its making is no longer all there is to it: another seed, perhaps another model.
    mutating func noteContinuation(of id: Message.ID) {
        guard let reply = session.reply else { return }
        session.record.conversation.update(id) { message in
            var origin = message.origin ?? Message.Origin(model: reply.model, settings: reply.settings, seed: nil)
            origin.seed = nil
            message.origin = origin
        }
    }

    /// Adds up how both parts went. Where nothing was added the message stays as it was.
    mutating func noteEnd(_ stats: ReplyStats, ofContinuation reply: RunningReply) {
        guard let before = reply.continued else { return }
        let after = session.record.conversation[before.id]
        guard after?.content != before.content || after?.reasoning != before.reasoning else {
            session.record.conversation.update(before.id) { $0 = before }
            if stats.stop != .cancelled, stats.stop != .interrupted { notify(.info, "the model has nothing to add") }
            return
        }
        session.record.conversation.update(before.id) { message in
            message.origin?.stats = before.origin?.stats.map { $0.followed(by: stats) } ?? stats
            message.origin?.settings = session.record.settings
        }
        if let explanation = stats.stop.notice { notify(.warning, explanation) }
    }
}

extension ReplyStats {
    /// Of a reply that was made in two parts.
    fileprivate func followed(by later: ReplyStats) -> ReplyStats {
        var both = later
        both.generatedTokens += generatedTokens
        both.draftedTokens += draftedTokens
        both.acceptedTokens += acceptedTokens
        both.reasoningTokens += reasoningTokens
        both.reasoningSeconds += reasoningSeconds
        both.firstTokenSeconds = firstTokenSeconds
        let parts = [self, later].filter { $0.tokensPerSecond > 0 }
        let seconds = parts.reduce(0) { $0 + Double($1.generatedTokens) / $1.tokensPerSecond }
        both.tokensPerSecond =
            seconds > 0 ? Double(parts.reduce(0) { $0 + $1.generatedTokens }) / seconds : later.tokensPerSecond
        return both
    }
}
