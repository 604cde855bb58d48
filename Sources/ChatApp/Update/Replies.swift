import Chat

/// The life of a reply: sent, streamed, ended, regenerated.
extension AppState {
    /// Sends what stands in the input; the draft stays where that is not possible.
    mutating func send(_ text: String) -> [Effect] {
        guard canStartReply() else { return [] }
        let parent = session.record.conversation.head
        let message = Message(
            id: session.record.conversation.nextID(), parent: parent, role: .user, created: now, content: text,
            attachments: outgoing)
        session.record.conversation.append(message)
        if session.record.title.isEmpty { session.record.title = SessionRecord.title(from: text) }
        composer.input.setText("")
        composer.attachments = []
        composer.history.add(text)
        screen.notices.dismissAll()
        return save() + startReply(to: message.id, previousHead: nil)
    }

    /// Another answer to the latest question, beside the one that is shown.
    mutating func regenerate() -> [Effect] {
        guard let question = session.record.conversation.path.last(where: { $0.role == .user }) else {
            notify(.warning, "there is no reply to make again yet")
            return []
        }
        return regenerate(question.id)
    }

    /// Another reply in the place of this one, or to this message where a person wrote it.
    mutating func regenerate(_ id: Message.ID) -> [Effect] {
        let path = session.record.conversation.path
        let upTo = path.firstIndex { $0.id == id }.map { path[...$0] } ?? []
        guard let question = upTo.last(where: { $0.role == .user }) else {
            notify(.warning, "there is no message before this one that it could answer")
            return []
        }
        guard canStartReply() else { return [] }
        reading.selection = nil
        let shown = session.record.conversation.head
        session.record.conversation.moveHead(to: question.id)
        screen.notices.dismissAll()
        return startReply(to: question.id, previousHead: shown)
    }

    private static let busy = "a reply is being written: "

    mutating func canStartReply() -> Bool {
        if session.reply != nil {
            let isWriting = screen.panel == nil && reading.selection == nil
            notify(.info, Self.busy + (isWriting ? "Esc stops it, then Enter sends" : "leave here, and stop it first"))
        } else if let reason = session.record.readOnly {
            notify(.warning, "this session is read-only (\(reason)); /duplicate makes a copy to go on with")
        } else if session.record.model == nil {
            if !library.hasListedModels {
                composer.sendsWhenModelComes = true
                notify(.info, "the models are being looked for; this goes out when there is one")
            } else if library.download != nil {
                composer.sendsWhenModelComes = true
                notify(.info, "the model is being downloaded; this goes out when it is here")
            } else if isWithoutModel {
                notify(.error, "there is no model yet: /download fetches one")
            } else {
                notify(.error, "choose a model first: /model")
            }
        } else {
            return true
        }
        return false
    }

    mutating func startReply(
        to parent: Message.ID, previousHead: Message.ID?, continuing message: Message? = nil
    ) -> [Effect] {
        guard let model = session.record.model else { return [] }
        replyCount += 1
        let id = ReplyID(number: replyCount)
        let continued = message.flatMap { reopenTokens(of: $0.id, by: model) }
        session.reply = RunningReply(
            id: id, parent: parent, previousHead: previousHead, message: message?.id, continued: message,
            keepsTokens: message == nil || continued != nil, model: model, settings: session.record.settings,
            started: now)
        reading.scroll = .following
        return [
            .startReply(
                ReplyStart(
                    id: id, model: model, system: session.record.system, messages: session.record.conversation.path,
                    continued: continued, settings: session.record.settings))
        ]
    }

    mutating func receive(_ event: ReplyEvent, of id: ReplyID) -> [Effect] {
        guard session.reply?.id == id else { return [] }
        switch event {
        case .loading(let name, let fraction): session.reply?.phase = .loading(name: name, fraction: fraction)
        case .prefill(let done, let total, let cached):
            if session.reply?.prefillStarted == nil { session.reply?.prefillStarted = now }
            session.reply?.phase = .prefill(done: done, total: total, cached: cached)
        case .started(let seed, let model):
            session.reply?.seed = seed
            session.reply?.model = model
            session.reply?.phase = .streaming
        case .text(let text, let tokens): return append(text, tokens: tokens.count)
        case .token(let token): note(token)
        case .next(let next): show(next, as: .streamed)
        case .reasoning(let text, let tokens): return appendReasoning(text, tokens: tokens.count)
        case .context(let used, let limit): session.context = ContextUse(used: used, limit: limit)
        case .notice(.turnsDropped(let count, _, let limit)):
            notify(.warning, "the first \(count) turns no longer fit the model's context (\(limit) tokens)")
        case .notice(.other(let text)): notify(.warning, text)
        case .finished(let stats): return finish(stats)
        }
        return []
    }

    private mutating func append(_ text: String, tokens: Int) -> [Effect] {
        if session.reply?.reasoningStarted != nil, session.reply?.reasoningEnded == nil {
            session.reply?.reasoningEnded = now
        }
        return grow(tokens: tokens) { $0.content += text }
    }

    private mutating func appendReasoning(_ text: String, tokens: Int) -> [Effect] {
        if session.reply?.reasoningStarted == nil { session.reply?.reasoningStarted = now }
        session.reply?.reasoningEnded = nil
        session.reply?.reasoningTokens += tokens
        return grow(tokens: tokens) { $0.reasoning = ($0.reasoning ?? "") + text }
    }

    /// Adds what has come to the reply's message.
    private mutating func grow(tokens: Int, _ change: (inout Message) -> Void) -> [Effect] {
        guard let message = replyMessage() else { return [] }
        session.reply?.phase = .streaming
        if session.reply?.firstToken == nil { session.reply?.firstToken = now }
        session.reply?.tokens += tokens
        if session.reply?.continued != nil { noteContinuation(of: message) }
        session.record.conversation.update(message, change)
        guard let written = session.record.conversation[message], session.record.isWorthSaving else { return [] }
        return [.journal(session: session.record.id, message: written)]
    }

    /// The message that the running reply is written to, made when its first text comes.
    private mutating func replyMessage() -> Message.ID? {
        guard let reply = session.reply else { return nil }
        if let message = reply.message { return message }
        let message = Message(
            id: session.record.conversation.nextID(), parent: reply.parent, role: .assistant, created: now, content: "",
            origin: Message.Origin(model: reply.model, settings: reply.settings, seed: reply.seed))
        // Where the person has gone to another branch meanwhile, that one stays in sight.
        let shown = session.record.conversation.head
        session.record.conversation.append(message)
        if shown != reply.parent {
            session.record.conversation.moveHead(to: shown)
            session.transcript = Transcript(session.record.conversation)
        }
        self.session.reply?.message = message.id
        if !reply.early.isEmpty { session.tokens.set(reply.early, for: message.id, by: reply.model) }
        self.session.reply?.early = []
        return message.id
    }

    private mutating func finish(_ stats: ReplyStats) -> [Effect] {
        // A reply that was stopped before its first word leaves no trace; one that the model ended so is kept, as
        // empty.
        if let reply = session.reply, reply.continued != nil {
            noteEnd(stats, ofContinuation: reply)
        } else if stats.stop != .cancelled || session.reply?.message != nil, let message = replyMessage() {
            session.record.conversation.update(message) { message in
                message.origin?.stats = stats
                message.origin?.settings = session.record.settings
            }
            if let explanation = stats.stop.notice { notify(.warning, explanation) }
        }
        return endReply() + remember(speed: stats)
    }

    /// What a reply of some length says about its model's speed on this computer.
    private func remember(speed stats: ReplyStats) -> [Effect] {
        guard stats.generatedTokens >= 16, stats.tokensPerSecond.isFinite, stats.tokensPerSecond > 0,
            let model = session.record.conversation.path.last?.origin?.model
        else { return [] }
        return [.rememberSpeed(model, stats.tokensPerSecond)]
    }

    mutating func fail(_ id: ReplyID, _ reason: String) -> [Effect] {
        guard session.reply?.id == id else { return [] }
        notify(.error, "\(reason) (/regen tries again)")
        markInterrupted(.interrupted)
        return endReply()
    }

    /// Stops the running reply at the person's wish; what was written stays. Asked twice, it does not wait for the end.
    mutating func stopReply() -> [Effect] {
        guard let reply = session.reply, !reply.isStopping else { return leaveReply() }
        self.session.reply?.isStopping = true
        return [.stopReply(reply.id)]
    }

    /// Stops without waiting for the reply's end, because another session comes: its late events are dropped.
    mutating func leaveReply() -> [Effect] {
        guard let reply = session.reply else { return [] }
        markInterrupted(.cancelled)
        return [.stopReply(reply.id)] + endReply()
    }

    /// Gives a half-written reply the figures that are known here.
    private mutating func markInterrupted(_ stop: StopReason) {
        guard let reply = session.reply, let message = reply.message else { return }
        var stats = ReplyStats(
            promptTokens: 0, cachedTokens: 0, generatedTokens: reply.tokens,
            firstTokenSeconds: reply.firstToken.map { $0.timeIntervalSince(reply.started) } ?? 0,
            tokensPerSecond: reply.tokensPerSecond(now: now) ?? 0, stop: stop)
        stats.reasoningTokens = reply.reasoningTokens
        stats.reasoningSeconds = reply.reasoningSeconds(now: now) ?? 0
        if reply.continued != nil { return noteEnd(stats, ofContinuation: reply) }
        session.record.conversation.update(message) { $0.origin?.stats = stats }
    }

    private mutating func endReply() -> [Effect] {
        if let reply = session.reply, reply.message == nil, let previous = reply.previousHead,
            session.record.conversation.head == reply.parent
        {
            session.record.conversation.moveHead(to: previous)
        }
        session.reply = nil
        screen.notices.withdraw(Self.busy)
        return save()
    }
}

extension StopReason {
    /// What the person should know about an end that neither they nor the model chose.
    var notice: String? {
        switch self {
        case .endOfTurn, .stopText, .cancelled: nil
        case .tokenLimit: "the reply reached its token limit; /continue goes on, /set max_tokens gives more"
        case .contextFull: "the model's context is full, so the reply ends here"
        case .repetition: "the reply went round in a circle and was ended"
        case .interrupted: "the reply was interrupted; /continue goes on, /regen tries again"
        }
    }
}
