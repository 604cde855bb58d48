import Chat
import Reasoning
import Replies

/// Branching from a token of a reply.
extension AppState {
    /// Adds a sibling of a reply that begins with its first `count` tokens and the chosen one, and continues it.
    mutating func branchReply(_ id: Message.ID, after count: Int, with choice: TokenChoice) -> [Effect] {
        guard canStartReply(.conversation(advice: "Choose the token again")), let model = session.record.model,
            let original = session.record.conversation[id],
            let entry = session.tokens[id], entry.tokens.indices.contains(count)
        else { return [] }
        guard entry.model.hasSameName(as: model) else {
            notify(.warning, "These tokens are from \(displayName(of: entry.model)). Choose it with /model to branch")
            return []
        }
        var prefix = Array(entry.tokens[..<count])
        prefix.append(ReplyToken(chosen: choice, alternatives: entry.tokens[count].alternatives))
        let (reasoning, text) = Self.reply(from: prefix, like: original)
        let message = Message(
            id: session.record.conversation.nextID(), parent: original.parent, role: .assistant, created: now,
            content: text, reasoning: reasoning,
            origin: Message.Origin(model: model, settings: session.record.settings, seed: nil))
        session.record.conversation.append(message)
        session.transcript.follow(session.record.conversation)
        session.tokens.set(prefix, for: message.id, by: model)
        screen.panels.removeAll()
        reading.selection = nil
        screen.notices.dismissAll()
        guard !choice.isControl else {
            // The chosen token ends the reply.
            let stats = ReplyStats(
                promptTokens: 0, cachedTokens: 0, generatedTokens: count, firstTokenSeconds: 0, tokensPerSecond: 0,
                stop: .endOfTurn)
            session.record.conversation.update(message.id) { $0.origin?.stats = stats }
            reading.scroll = .following
            return saveSession()
        }
        return saveSession() + startReply(to: message.parent ?? message.id, previousHead: nil, continuing: message)
    }

    /// The reasoning and the text that tokens spell.
    private static func reply(
        from tokens: [ReplyToken], like original: Message
    ) -> (reasoning: String?, text: String) {
        var text = ReplyToken.text(of: tokens)
        // Some tokenizers put a blank before a text, which is not part of it.
        if text.first == " ", original.content.first != " " { text.removeFirst() }
        guard original.reasoning != nil else { return (nil, text) }
        // It began with its reasoning, after a tag of its own or one that the prompt had left open.
        let hasTag = ReasoningTag.all.contains { text.hasPrefix($0.open) }
        let leftOpen = ReasoningTag.all.first { text.contains($0.close) } ?? ReasoningTag.all[0]
        return ReasoningSplitter.split(text, openTag: hasTag ? nil : leftOpen)
    }
}
