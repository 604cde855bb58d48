import Chat
import Replies

/// The tokens of replies with their alternatives, kept while the session is open.
///
/// Session files do not contain them, since they would be many times as large; the model can read the replies again. In
/// very long sessions only the latest replies are kept.
struct TokenLog: Sendable {
    /// Identifies the tokens of an entry: it changes when they are replaced, not when more are added. An object, not a
    /// number, since messages of other sessions have the same ids and caches outlive the session.
    final class Revision: Sendable {}

    struct Entry: Sendable {
        fileprivate(set) var tokens: [ReplyToken]
        /// The model that generated the tokens.
        fileprivate(set) var model: ModelReference
        let revision = Revision()
    }

    private var entries: [Message.ID: Entry] = [:]
    /// The messages that have tokens, oldest first.
    private var order: [Message.ID] = []
    private var count = 0

    /// Tokens kept in total; about 500 bytes each.
    private static let limit = 100_000

    subscript(message: Message.ID) -> Entry? { entries[message] }

    mutating func set(_ tokens: [ReplyToken], for message: Message.ID, by model: ModelReference) {
        remove(message)
        entries[message] = Entry(tokens: tokens, model: model)
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

    /// Removes the token that ended a message, because the message is being continued.
    mutating func reopen(_ message: Message.ID) {
        guard let entry = entries[message], entry.written.count < entry.tokens.count else { return }
        set(Array(entry.written), for: message, by: entry.model)
    }

    mutating func remove(_ message: Message.ID) {
        guard let entry = entries.removeValue(forKey: message) else { return }
        count -= entry.tokens.count
        order.removeAll { $0 == message }
    }

    private mutating func trim() {
        while count > Self.limit, order.count > 1 { remove(order[0]) }
    }
}

extension TokenLog.Entry {
    /// The tokens that a continuation starts from: without the one that ended the reply.
    var written: ArraySlice<ReplyToken> { tokens.last?.chosen.isControl == true ? tokens.dropLast() : tokens[...] }
}

extension OpenSession {
    /// Records a token of the running reply.
    mutating func recordToken(_ token: ReplyToken) {
        guard reply?.keepsTokens == true else { return }
        if let message = reply?.message {
            tokens.append(token, to: message)
        } else {
            reply?.early.append(token)
        }
    }

    /// The ids that a message was written with, if it was written by the model that continues it.
    func continuedTokens(of message: Message.ID, by model: ModelReference) -> [Int32]? {
        guard let entry = tokens[message], entry.model.hasSameName(as: model) else { return nil }
        return entry.written.map(\.chosen.id)
    }

    /// The ids that a message is continued from. Tokens of another model are dropped.
    mutating func reopenTokens(of message: Message.ID, by model: ModelReference) -> [Int32]? {
        guard let ids = continuedTokens(of: message, by: model) else {
            tokens.remove(message)
            return nil
        }
        tokens.reopen(message)
        return ids
    }
}
