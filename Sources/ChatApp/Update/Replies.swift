import Chat
import Foundation
import Replies

/// The life of a reply: started, streamed, ended, regenerated.
extension AppState {
    /// `/regen`: another reply to the latest question, next to the one that is shown.
    mutating func regenerateLatestReply() -> [Effect] {
        guard let question = session.record.conversation.path.last(where: { $0.role == .user }) else {
            notify(.warning, "Nothing to regenerate yet")
            return []
        }
        return regenerateReply(at: question.id)
    }

    /// Another reply in place of this one, or to this message if the user wrote it.
    mutating func regenerateReply(at id: Message.ID) -> [Effect] {
        let path = session.record.conversation.path
        let upTo = path.firstIndex { $0.id == id }.map { path[...$0] } ?? []
        guard let question = upTo.last(where: { $0.role == .user }) else {
            notify(.warning, "There is no earlier message to reply to")
            return []
        }
        guard canStartReply(.conversation(advice: "Press r or use /regen again")) else { return [] }
        guard let settings = settingsForAnotherReply(to: question.id) else { return [] }
        reading.selection = nil
        let shown = session.record.conversation.head
        session.record.conversation.moveHead(to: question.id)
        screen.notices.dismissAll()
        return startReply(to: question.id, previousHead: shown, settings: settings)
    }

    /// The settings for another reply. The first time that it would be the same again, a notice says so and the result is
    /// nil; the second time, the seed is random. At temperature 0 the seed makes no difference, so the result stays nil.
    private mutating func settingsForAnotherReply(to question: Message.ID) -> GenerationSettings? {
        var settings = session.record.settings
        let wasOffered = session.newSeedOffer == question
        session.newSeedOffer = nil
        switch session.sameReply(to: question) {
        case nil: break
        case .greedy:
            notify(.info, "At temperature 0 another reply would be the same. /set temperature 0.7 allows others")
            return nil
        case .seed where wasOffered: settings.sampling.seed = nil
        case .seed(let seed):
            session.newSeedOffer = question
            notify(
                .info, "The seed is fixed (\(seed)): another reply would be the same. Regenerate again for a new seed")
            return nil
        }
        return settings
    }

    /// - Parameters:
    ///   - previousHead: what is shown again if the reply ends without any text.
    ///   - message: the reply to continue; nil for a new one.
    ///   - settings: nil for the session's.
    mutating func startReply(
        to parent: Message.ID, previousHead: Message.ID?, continuing message: Message? = nil,
        settings: GenerationSettings? = nil
    ) -> [Effect] {
        guard let model = session.record.model else { return [] }
        let settings = settings ?? session.record.settings
        replyCount += 1
        session.canResume = false
        let id = ReplyID(number: replyCount)
        let continued = message.flatMap { session.reopenTokens(of: $0.id, by: model) }
        session.reply = RunningReply(
            id: id, parent: parent, previousHead: previousHead, message: message?.id, continued: message,
            keepsTokens: message == nil || continued != nil, model: model, settings: settings, started: instant)
        reading.scroll = .following
        return [
            .startReply(
                ReplyStart(
                    id: id, model: model, system: session.record.system, messages: session.record.conversation.path,
                    continued: continued, settings: settings))
        ]
    }

    /// Events of a reply that is no longer wanted are dropped.
    mutating func applyReplyEvent(_ event: ReplyEvent, of id: ReplyID) -> [Effect] {
        guard session.reply?.id == id else { return [] }
        if case .chunk = event { screen.notices.withdraw(.waiting) }
        switch event {
        case .loading(let name, let fraction): session.reply?.phase = .loading(name: name, fraction: fraction)
        case .prefill(let done, let total, let cached):
            if session.reply?.prefillStarted == nil { session.reply?.prefillStarted = instant }
            session.reply?.phase = .prefill(done: done, total: total, cached: cached)
        case .started(let seed, let fingerprint):
            session.reply?.seed = seed
            session.reply?.model.fingerprint = fingerprint
            session.reply?.phase = .streaming
        case .chunk(let chunk): return session.append(chunk, now: now, instant: instant)
        case .next(let next): showInPanel(.nextToken(next, .streamed))
        case .context(let used, let limit):
            session.reply?.reportsContext = true
            session.context = ContextUse(used: used, limit: limit)
        case .retrying(let reason, let seconds):
            session.reply?.phase = .retrying(reason: reason, until: instant + .seconds(Self.retryWait(seconds)))
            screen.notices.withdraw(.waiting)
            notify(.warning, reason, about: .waiting)
        case .providerState(let state): session.setProviderState(state)
        case .notice(.turnsDropped(let count, _, let limit)):
            let messages = count == 1 ? "message no longer fits" : "\(count) messages no longer fit"
            notify(
                .warning, "The oldest \(messages) the context (\(limit) tokens) and will not be read", about: .reply)
        case .notice(.other(let text)): notify(.warning, text, about: .reply)
        case .finished(let stats): return finishReply(stats)
        }
        return []
    }

    /// A wait as a service may state it, in a range that a clock can add.
    private static func retryWait(_ seconds: Double) -> Double {
        seconds.isFinite ? min(max(0, seconds), 86_400) : 0
    }

    private mutating func finishReply(_ stats: ReplyStats) -> [Effect] {
        if let reply = session.reply { noteContext(of: reply, stats) }
        let message = session.reply?.message
        reportEnd(session.recordEnd(stats, now: now), stats.stop)
        if let message { reportThoughtsOnly(of: message, stats.stop) }
        return endReply() + rememberSpeed(stats)
    }

    /// Services report what they counted at the end, and the size of the context in their list of models, if at all.
    private mutating func noteContext(of reply: RunningReply, _ stats: ReplyStats) {
        guard !reply.reportsContext, stats.promptTokens > 0, session.record.model?.hasSameName(as: reply.model) == true,
            let limit = library.info(of: reply.model)?.contextLength, let profile = library.profile(of: reply.model),
            profile.place != .here
        else { return }
        session.reply?.reportsContext = true
        session.context = ContextUse(used: stats.promptTokens + stats.generatedTokens, limit: limit)
    }

    /// Explains an end that neither the user nor the model chose.
    private mutating func reportEnd(_ end: OpenSession.ReplyEnd, _ stop: StopReason) {
        switch end {
        case .written: if let explanation = stop.explanation { notify(.warning, explanation, about: .reply) }
        case .nothingAdded:
            if stop != .cancelled, stop != .interrupted {
                notify(.info, "The model has nothing to add", about: .reply)
            }
        case .nothingWritten: break
        }
    }

    /// A reply that the model ended inside its thoughts looks as if nothing had happened: they are folded.
    private mutating func reportThoughtsOnly(of id: Message.ID, _ stop: StopReason) {
        guard stop == .endOfTurn || stop == .stopText, let message = session.record.conversation[id],
            message.reasoning != nil, message.content.allSatisfy(\.isWhitespace)
        else { return }
        notify(.warning, "The reply ended inside the model's thoughts. /regen for another, /think off for none")
    }

    /// Records the speed of the model on this machine, if the reply is long enough to show it.
    private func rememberSpeed(_ stats: ReplyStats) -> [Effect] {
        guard stats.generatedTokens >= 16, stats.tokensPerSecond.isFinite, stats.tokensPerSecond > 0,
            let model = session.record.conversation.path.last?.origin?.model
        else { return [] }
        return [.rememberSpeed(model, stats.tokensPerSecond)]
    }

    /// Ends a reply that failed; its text is kept.
    mutating func failReply(_ id: ReplyID, _ reason: String) -> [Effect] {
        guard let reply = session.reply, reply.id == id else { return [] }
        let advice = "Enter or \(reply.message == nil ? "/regen to try again" : "/continue to go on")"
        notify(.error, "\(reason). \(advice)", about: .reply)
        interruptReply(.interrupted)
        session.canResume = true
        return endReply()
    }

    /// Stops the running reply at the user's request; its text is kept. A second request does not wait for the reply's
    /// end.
    mutating func stopReply() -> [Effect] {
        guard let reply = session.reply, !reply.isStopping else { return abandonReply() }
        session.reply?.isStopping = true
        return [.stopReply(reply.id)]
    }

    /// Stops the running reply without waiting for its end, because another session opens. Its late events are dropped.
    mutating func abandonReply() -> [Effect] {
        guard let reply = session.reply else { return [] }
        interruptReply(.cancelled)
        return [.stopReply(reply.id)] + endReply()
    }

    private mutating func interruptReply(_ stop: StopReason) {
        let isContinued = session.reply?.continued != nil
        let end = session.recordInterruption(stop, now: instant)
        if isContinued { reportEnd(end, stop) }
    }

    private mutating func endReply() -> [Effect] {
        let isShown = session.reply?.message.map { $0 == session.record.conversation.head } ?? false
        let reportsContext = session.reply?.reportsContext == true
        session.endReply()
        if isShown, reportsContext { session.confirmContext() }
        screen.notices.withdraw(.running, .waiting)
        return saveSession()
    }
}

extension StopReason {
    /// What the user should know about an end that neither they nor the model chose.
    fileprivate var explanation: String? {
        switch self {
        case .endOfTurn, .stopText, .cancelled: nil
        case .tokenLimit: "Token limit reached. /continue to go on, or raise max_tokens"
        case .contextFull: "Context full: the reply was cut off. Raise num_ctx or start a /new chat"
        case .repetition: "Stopped: the model was repeating itself. Try /regen or a higher repeat_penalty"
        case .interrupted: "The reply was interrupted. /continue to finish it, /regen to start over"
        case .refused: "The model declined to answer. Rephrase the message, or use another model"
        case .paused: "The service paused this long reply. /continue to go on"
        }
    }
}
