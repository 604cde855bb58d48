import Chat

/// Why another reply to a question would be, word for word, one that is already there.
enum SameReply: Sendable, Equatable {
    /// The seed is fixed.
    case seed(UInt64)
    /// The most likely token is always chosen.
    case greedy
}

extension OpenSession {
    /// Nil if another reply can differ. Only our own engine promises to repeat itself.
    func sameReply(to question: Message.ID) -> SameReply? {
        let settings = record.settings
        guard let model = record.model, model.provider == ModelReference.localProvider else { return nil }
        let isGreedy = settings.sampling.temperature == 0
        let isThere = record.conversation.messages.contains { reply in
            guard reply.parent == question, reply.role == .assistant, let origin = reply.origin,
                origin.model.hasSameName(as: model), origin.settings == settings,
                isGreedy || origin.seed != nil && origin.seed == settings.sampling.seed
            else { return false }
            return [.endOfTurn, .stopText, .tokenLimit, .repetition].contains(origin.stats?.stop)
        }
        guard isThere else { return nil }
        return isGreedy ? .greedy : settings.sampling.seed.map(SameReply.seed)
    }
}
