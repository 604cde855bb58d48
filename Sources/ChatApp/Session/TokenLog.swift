import Chat

/// The tokens of replies with what else could have been said, as long as the session is open.
///
/// Not part of the session's file, which they would make many times as large; what was closed can be read again by the
/// model. Of very long sessions the latest replies are kept.
struct TokenLog: Sendable {
    struct Entry: Sendable {
        fileprivate(set) var tokens: [ReplyToken]
        /// Whose tokens they are.
        fileprivate(set) var model: ModelReference
        /// Another number whenever the tokens are others, and not only more.
        fileprivate(set) var revision: Int
    }

    private var entries: [Message.ID: Entry] = [:]
    /// The messages that have tokens, the oldest first.
    private var order: [Message.ID] = []
    private var count = 0
    private var revisions = 0

    /// Tokens that are kept in all; about 500 bytes each.
    private static let limit = 100_000

    subscript(message: Message.ID) -> Entry? { entries[message] }

    mutating func set(_ tokens: [ReplyToken], for message: Message.ID, by model: ModelReference) {
        remove(message)
        revisions += 1
        entries[message] = Entry(tokens: tokens, model: model, revision: revisions)
        order.append(message)
        count += tokens.count
        trim()
    }

    /// Adds a token to those of a message that has some.
    mutating func append(_ token: ReplyToken, to message: Message.ID) {
        guard entries[message] != nil else { return }
        entries[message]?.tokens.append(token)
        count += 1
        trim()
    }

    /// Takes away the token that ended a message, which is going on.
    mutating func reopen(_ message: Message.ID) {
        guard let entry = entries[message], entry.written.count < entry.tokens.count else { return }
        set(Array(entry.written), for: message, by: entry.model)
    }

    mutating func remove(_ message: Message.ID) {
        guard let entry = entries.removeValue(forKey: message) else { return }
        count -= entry.tokens.count
        order.removeAll { $0 == message }
    }

    /// Revisions go on, since messages of the next session have the same ids: no cache is to take these tokens for theirs.
    mutating func removeAll() { (entries, order, count) = ([:], [], 0) }

    private mutating func trim() {
        while count > Self.limit, order.count > 1 { remove(order[0]) }
    }
}

extension TokenLog.Entry {
    /// The tokens that a reply goes on from: without the one that ended it.
    var written: ArraySlice<ReplyToken> { tokens.last?.chosen.isControl == true ? tokens.dropLast() : tokens[...] }
}

extension AppState {
    /// Takes up a token of the running reply.
    mutating func note(_ token: ReplyToken) {
        guard let reply = session.reply, reply.keepsTokens else { return }
        if let message = reply.message {
            session.tokens.append(token, to: message)
        } else {
            self.session.reply?.early.append(token)
        }
    }

    /// The ids that a message was written with, where the model that goes on with it is the one that wrote it.
    func continuedTokens(of message: Message.ID, by model: ModelReference) -> [Int32]? {
        guard let entry = session.tokens[message], entry.model.hasSameName(as: model) else { return nil }
        return entry.written.map(\.chosen.id)
    }

    /// The ids that a message is continued from; its tokens are given up where they are not this model's.
    mutating func reopenTokens(of message: Message.ID, by model: ModelReference) -> [Int32]? {
        guard let ids = continuedTokens(of: message, by: model) else {
            session.tokens.remove(message)
            return nil
        }
        session.tokens.reopen(message)
        return ids
    }
}
