import Chat

/// What the use of the context depends on. If it changes other than by a reply, the use is measured again.
struct ContextBasis: Sendable, Equatable {
    /// The end of the shown branch.
    var head: Message.ID
    var model: ModelReference
    var system: String?
    /// The setting: 0 means the model's own.
    var contextLength: Int
    var thinking: Thinking

    /// nil if there is nothing to measure.
    init?(_ record: SessionRecord) {
        guard let head = record.conversation.head, var model = record.model else { return nil }
        model.fingerprint = nil
        self.head = head
        self.model = model
        system = record.system
        contextLength = record.settings.contextLength
        thinking = record.settings.thinking
    }
}

/// A conversation whose share of the context is to be found out.
public struct ContextQuestion: Sendable, Equatable {
    public var number: Int
    public var model: ModelReference
    public var system: String?
    /// The shown branch.
    public var messages: [Message]
    public var settings: GenerationSettings
}

extension OpenSession {
    /// Notes that the use of the context is that of the shown branch as it is now: a reply has just reported it.
    mutating func confirmContext() { contextBasis = ContextBasis(record) }
}

extension AppState {
    /// Asks how full the context is, if nobody has reported it for the branch and the settings as they are now. Not
    /// while a panel is open, in which every key may change a setting.
    mutating func measureContextAsNeeded() -> [Effect] {
        guard session.reply == nil, library.hasListedModels, screen.panels.isEmpty else { return [] }
        let basis = ContextBasis(session.record)
        guard basis != session.contextBasis else { return [] }
        session.contextBasis = basis
        session.context = nil
        guard let basis else { return [] }
        if let profile = library.profile(of: basis.model), profile.place != .here {
            session.context = reportedContext
            return []
        }
        contextQuestions += 1
        return [
            .measureContext(
                ContextQuestion(
                    number: contextQuestions, model: basis.model, system: basis.system,
                    messages: session.record.conversation.path, settings: session.record.settings))
        ]
    }

    /// - Parameter use: nil if it could not be found out.
    mutating func applyContext(_ use: ContextUse?, answering number: Int) {
        guard number == contextQuestions, session.reply == nil, let basis = ContextBasis(session.record),
            basis == session.contextBasis
        else { return }
        session.context = use
    }

    /// What a service counted when it wrote the last reply of the shown branch.
    private var reportedContext: ContextUse? {
        guard let origin = session.record.conversation.path.last?.origin, let stats = origin.stats,
            session.record.model?.hasSameName(as: origin.model) == true, stats.promptTokens > 0,
            let limit = library.info(of: origin.model)?.contextLength
        else { return nil }
        return ContextUse(used: stats.promptTokens + stats.generatedTokens, limit: limit)
    }
}
