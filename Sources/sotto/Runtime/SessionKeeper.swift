import Chat
import ChatApp
import Foundation
import Sessions

/// The open session on disk: its file, its lock, and the journal of the reply that is being written.
struct SessionKeeper {
    let store: SessionStore
    private var current: Sessions.OpenSession?
    /// The session as it was last saved, with the fields that only its file knows.
    private var document: SessionDocument?
    let drafts: DraftStore
    /// How much of which reply the journal holds, and when it began.
    private var journaled: Journaled?

    private struct Journaled {
        var message: Message
        var began = ContinuousClock.now

        /// Thoughts stand at the journal's beginning, so that they are written anew as they grow; once a second will do.
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

    /// What was being written in a session; nil where another program has it open.
    func draft(of session: SessionRecord) -> Draft? {
        session.readOnly == nil ? SessionID(session.id).flatMap(drafts.load) : nil
    }

    /// The draft of a session that was never saved.
    func unsentDraft() -> String? { drafts.unsent()?.id.text }

    /// Opens the session with this id, and lets the one before go.
    mutating func open(_ id: String) throws -> (session: SessionRecord, notices: [Notice]) {
        guard let id = SessionID(id) else { throw CommandLineError("\"\(id)\" is no session's id") }
        if current?.id == id { close() }
        let opened = try store.open(id)
        close()
        current = opened
        document = opened.document
        let notices = opened.notices.map { notice in
            if case .recovered = notice { return Notice(.warning, "\(notice)") }
            return Notice(.info, "\(notice)")
        }
        return (SessionRecord(opened), notices)
    }

    /// Opens the session that a person names by title, id, or the beginning of one.
    mutating func open(named query: String) throws -> (session: SessionRecord, notices: [Notice]) {
        try open(try store.find(query).text)
    }

    /// Writes a session. A new one becomes the open one. Returns whether it is on disk for the first time.
    mutating func save(_ session: SessionRecord) throws -> Bool {
        guard let id = SessionID(session.id) else { throw CommandLineError("\"\(session.id)\" is no session's id") }
        if current?.id != id, store.holds(id) {
            try saveInPassing(session, id)
            return false
        }
        if current?.id != id {
            close()
            document = SessionDocument(id: id, created: session.created)
        }
        var document = document ?? SessionDocument(id: id, created: session.created)
        document.update(from: session)
        let isNew = current == nil
        if let current {
            try current.save(document)
        } else {
            current = try store.create(document)
        }
        self.document = document
        if let journaled, document.conversation[journaled.message.id]?.origin?.stats != nil {
            current?.endJournal()
            self.journaled = nil
        }
        return isNew
    }

    /// Another session was opened, and the chat has not heard of it yet: what it says of the one before goes to that one's
    /// file.
    private func saveInPassing(_ session: SessionRecord, _ id: SessionID) throws {
        let other = try store.open(id)
        defer { other.close() }
        var document = other.document
        document.update(from: session)
        try other.save(document)
    }

    /// Brings the journal up to a reply's text so far.
    mutating func journal(_ message: Message, of session: String) throws {
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
        guard let id = SessionID(id) else { return }
        if current?.id == id { close() }
        try store.delete(id)
    }

    func list() -> [ChatApp.SessionSummary] { store.list().map(ChatApp.SessionSummary.init) }

    mutating func close() {
        current?.close()
        (current, document, journaled) = (nil, nil, nil)
    }
}

extension SessionRecord {
    fileprivate init(_ opened: Sessions.OpenSession) {
        let document = opened.document
        self.init(
            id: document.id.text, title: document.title, created: document.created, model: document.model,
            settings: document.settings, system: document.system, conversation: document.conversation)
        updated = document.updated
        if case .readOnly(let reason) = opened.access { readOnly = "\(reason)" }
    }
}

extension SessionDocument {
    fileprivate mutating func update(from session: SessionRecord) {
        title = session.title
        model = session.model
        settings = session.settings
        system = session.system
        conversation = session.conversation
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
