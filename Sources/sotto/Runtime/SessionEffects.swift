import Chat
import ChatApp
import Files
import Foundation
import Sessions

/// Saves, opens, deletes and copies sessions, and saves drafts. Everything runs on the disk queue, in order.
struct SessionEffects {
    private var keeper: SessionKeeper
    private let searches: SessionSearches
    private let preferences: PreferenceStore
    private let mailbox: Mailbox
    /// Why the session could not be saved last time.
    private(set) var saveProblem: String?

    init(_ keeper: SessionKeeper, preferences: PreferenceStore, mailbox: Mailbox) {
        self.keeper = keeper
        searches = SessionSearches(store: keeper.store, mailbox: mailbox)
        self.preferences = preferences
        self.mailbox = mailbox
    }

    /// - Parameter staged: the same session as it is in the file system already; nil if that was not possible.
    mutating func save(_ record: SessionRecord, staged: StagedSession?) {
        do {
            let saved = try keeper.save(record, staged: staged)
            if saved.changesList { list() }
            for notice in saved.notices { mailbox.post(.notice(notice)) }
            if saveProblem != nil { mailbox.post(.saved(problem: nil)) }
            saveProblem = nil
            preferences.update { $0.session = record.id }
        } catch {
            saveProblem = "\(error)"
            mailbox.post(.saved(problem: saveProblem))
        }
    }

    mutating func journal(_ message: Message, of session: SessionRecord.ID) throws {
        try keeper.journal(message, of: session)
    }

    func create(_ record: SessionRecord) {
        var record = record
        record.id = SessionID.new().text
        mailbox.post(.sessionLoaded(record))
    }

    /// Opens a session and closes the previous one.
    mutating func open(_ id: String) throws {
        let opened = try keeper.open(id)
        mailbox.post(.sessionLoaded(opened.record))
        if let draft = keeper.draft(of: opened.record) { mailbox.post(.draftLoaded(id, draft)) }
        for notice in opened.notices { mailbox.post(.notice(notice)) }
    }

    mutating func delete(_ id: String) throws {
        try keeper.delete(id)
        list()
    }

    func list() { mailbox.post(.sessionsListed(keeper.list())) }

    mutating func perform(_ task: SessionTask) throws {
        let store = keeper.store
        switch task {
        case .search(let query): searches.search(query)
        case .preview(let id): searches.preview(try SessionID(parsing: id))
        case .export(let id, let export):
            let path = try store.export(
                try SessionID(parsing: id), to: UserPath(export.file).absolute,
                as: export.format == .json ? .json : .markdown, isNumbered: export.isSuggested)
            mailbox.post(.notice(Notice(.info, "Exported to \(path)")))
        case .rename(let id, let title):
            try store.rename(try SessionID(parsing: id), to: title)
            list()
        case .listTrash: mailbox.post(.trashListed(store.deletedSessions().map(ChatApp.SessionSummary.init)))
        case .restore(let name, let opens):
            let session = try deletedSession(named: name)
            try store.restore(session.id)
            list()
            if opens { try open(session.id.text) }
            let summary = ChatApp.SessionSummary(session)
            let title = summary.title.isEmpty ? "the session" : "\"\(summary.title.prefix(60))\""
            mailbox.post(.notice(Notice(.info, opens ? "Restored \(title)" : "Restored \(title); /resume to open it")))
        case .duplicate(let id, let title, let opens):
            let copy = try store.duplicate(try SessionID(parsing: id), title: title)
            list()
            if opens { try open(copy.text) }
            // Opening a session withdraws notices about the one before.
            mailbox.post(.notice(Notice(.info, opens ? "Duplicated; you are now in the copy" : "Duplicated")))
        case .importFile(let file):
            let (id, warnings) = try store.importFile(UserPath(file).absolute)
            list()
            try open(id.text)
            if let first = warnings.first {
                let more = warnings.count > 1 ? " and \(warnings.count - 1) more" : ""
                mailbox.post(
                    .notice(Notice(.warning, "Imported with problems: \(first)\(more)", cause: .session)))
            }
        }
    }

    private func deletedSession(named name: String) throws -> Sessions.SessionSummary {
        do {
            return try keeper.store.findDeleted(name)
        } catch SessionError.notFound(_, let query, suggestion: nil) {
            // The error's own hint is a shell command.
            throw CommandLineError("No deleted session called \"\(query.prefix(60))\". F3 and then Ctrl-T list them")
        }
    }

    /// Saves a draft, or (nil) removes it.
    func saveDraft(_ draft: Draft?, of session: SessionRecord.ID) {
        guard let id = SessionID(session) else { return }
        guard let draft else { return keeper.drafts.remove(id) }
        do {
            try keeper.drafts.save(draft, for: id)
        } catch {
            mailbox.post(.notice(Notice(.warning, "Could not save your draft: \(error)", cause: .session)))
        }
    }

    mutating func close() { keeper.close() }
}
