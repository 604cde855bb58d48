import Chat
import ChatApp
import Foundation
import Replies
import Sessions

/// The open session on disk: its file, its lock, and the journal of the running reply.
struct SessionKeeper {
    let store: SessionStore
    let drafts: DraftStore
    private var current: SessionHandle?
    /// The part of the running reply that is in the journal, and when that was begun.
    private var journaled: Journaled?

    private struct Journaled {
        var message: Message
        var began = ContinuousClock.now

        /// Whether the journal has to be written again. Reasoning is at its beginning, so it is rewritten while the
        /// reasoning grows, at most once a second.
        func isOutdated(by message: Message) -> Bool {
            if self.message.id != message.id { return true }
            guard self.message.reasoning != message.reasoning else { return false }
            return !message.content.isEmpty || began.duration(to: .now) > .seconds(1)
        }
    }

    init(store: SessionStore) {
        self.store = store
        drafts = DraftStore(folder: store.folder)
    }

    /// The draft of a session; nil if there is none or another program has the session open.
    func draft(of record: SessionRecord) -> Draft? {
        guard record.readOnly == nil, let id = SessionID(record.id), let draft = drafts.load(id) else { return nil }
        guard !draft.wasSent(in: record) else {
            drafts.remove(id)
            return nil
        }
        return draft
    }

    /// The id of a session that was never saved but has a draft.
    func unsentDraft() -> String? { drafts.unsent()?.id.text }

    /// Opens a session and closes the previous one.
    mutating func open(_ id: String) throws -> (record: SessionRecord, notices: [Notice]) {
        let id = try SessionID(parsing: id)
        if current?.id == id { close() }
        let opened = try store.open(id)
        close()
        current = opened
        return (opened.record, opened.notices.map(Notice.init))
    }

    /// Opens the session with a title, an id, or the beginning of one.
    mutating func open(named query: String) throws -> (record: SessionRecord, notices: [Notice]) {
        try open(try store.find(query).text)
    }

    /// What happened when a session was saved.
    struct Saved {
        /// Whether there are other sessions on disk than before.
        var changesList = false
        var notices: [Notice] = []
    }

    /// Saves a session. A new one becomes the open one.
    ///
    /// - Parameter staged: the same session as it is in the file system already; nil if that was not possible.
    mutating func save(_ record: SessionRecord, staged: StagedSession?) throws -> Saved {
        let id = try SessionID(parsing: record.id)
        let staged = try staged ?? store.stage(record)
        guard let current, current.id == id else {
            if store.contains(id) {
                // Another session was opened before the chat knew of it: this save still belongs to the previous one.
                let previous = try store.open(id)
                defer { previous.close() }
                return Saved(try previous.save(staged))
            }
            close()
            let new = try store.create(record, staged: staged)
            current = new
            return Saved(changesList: true, notices: new.notices.map(Notice.init))
        }
        let saved = Saved(try current.save(staged))
        if let journaled, record.conversation[journaled.message.id]?.origin?.stats != nil {
            current.endJournal()
            self.journaled = nil
        }
        return saved
    }

    /// Adds the text of the running reply to the journal.
    mutating func journal(_ message: Message, of session: SessionRecord.ID) throws {
        guard let current, current.id.text == session else { return }
        if let journaled, !journaled.isOutdated(by: message),
            message.content.utf8.starts(with: journaled.message.content.utf8)
        {
            let added = message.content.utf8.dropFirst(journaled.message.content.utf8.count)
            if !added.isEmpty { try current.appendToJournal(String(decoding: added, as: UTF8.self)) }
            self.journaled?.message.content = message.content
        } else {
            try current.beginJournal(message)
            journaled = Journaled(message: message)
        }
    }

    mutating func delete(_ id: String) throws {
        let id = try SessionID(parsing: id)
        if current?.id == id { close() }
        try store.delete(id)
    }

    func list() -> [ChatApp.SessionSummary] { store.list().map(ChatApp.SessionSummary.init) }

    mutating func close() {
        current?.close()
        (current, journaled) = (nil, nil)
    }
}

extension SessionKeeper.Saved {
    /// After saving a session that was there before.
    fileprivate init(_ notices: [SessionNotice]) {
        self.init(changesList: !notices.isEmpty, notices: notices.map(Notice.init))
    }
}

extension Notice {
    init(_ notice: SessionNotice) {
        let kind: Kind =
            switch notice {
            case .recovered, .changedElsewhere, .noLocks: .warning
            case .readOnly, .interruptedReply, .unreadableJournal: .info
            }
        self.init(kind, "\(notice)", cause: .session)
    }
}

extension Draft {
    /// Whether it became the session's last message: the program ended before it could remove the draft.
    fileprivate func wasSent(in record: SessionRecord) -> Bool {
        let last = record.conversation.path.last
        return edit == nil && last?.role == .user && last?.content == page.text
    }
}

extension ChatApp.SessionSummary {
    init(_ summary: Sessions.SessionSummary) {
        self.init(
            id: summary.id.text, title: summary.title.isEmpty ? summary.preview : summary.title,
            updated: summary.updated, model: summary.model?.name, messageCount: summary.messageCount,
            fileBytes: summary.fileBytes,
            problem: summary.problem)
    }
}
