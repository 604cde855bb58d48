import Chat
import ChatApp
import Foundation
import Sessions
import Synchronization

/// What the chat asks about sessions on disk that are not the open one alone.
struct SessionTasks: Sendable {
    private let store: SessionStore
    private let mailbox: Mailbox
    /// Each search gets a number; one that is no longer the latest gives up.
    private let latestSearch = LatestSearch()

    private static let previewMessages = 6
    private static let previewCharacters = 1500

    init(store: SessionStore, mailbox: Mailbox) {
        self.store = store
        self.mailbox = mailbox
    }

    /// Does a task. Returns the session to open after it, where there is one.
    func perform(_ task: SessionTask) throws -> SessionID? {
        switch task {
        case .search(let query):
            search(query)
            return nil
        case .preview(let id):
            try preview(id)
            return nil
        case .export(let id, let export):
            let path = try store.export(
                try Self.id(id), to: Self.path(export.file), as: export.format == .json ? .json : .markdown,
                isNumbered: export.isSuggested)
            mailbox.post(.notice(Notice(.info, "written to \(path)")))
            return nil
        case .rename(let id, let title): try store.rename(try Self.id(id), to: title)
        case .restore(let id): try store.restore(try Self.id(id))
        case .duplicate(let id, let title, let opens):
            let copy = try store.duplicate(try Self.id(id), title: title)
            mailbox.post(.notice(Notice(.info, "a copy was made\(opens ? ", and goes on here" : "")")))
            list()
            return opens ? copy : nil
        case .importFile(let file):
            let (id, warnings) = try store.importFile(Self.path(file))
            list()
            if let first = warnings.first {
                let more = warnings.count > 1 ? ", and \(warnings.count - 1) more" : ""
                mailbox.post(.notice(Notice(.warning, "imported, but for: \(first)\(more)")))
            }
            return id
        }
        list()
        return nil
    }

    private func list() { mailbox.post(.sessionsListed(store.list().map(ChatApp.SessionSummary.init))) }

    private func search(_ query: String) {
        let number = latestSearch.begin()
        Task.detached(priority: .utility) { [store, mailbox, latestSearch] in
            let hits = store.search(query, isCancelled: { !latestSearch.is(number) })
            guard latestSearch.is(number) else { return }
            let matches = hits.map { SessionMatch(session: $0.id.text, excerpts: $0.excerpts) }
            mailbox.post(.sessionsFound(query: query, matches))
        }
    }

    private func preview(_ id: String) throws {
        let document = try store.read(try Self.id(id))
        let messages = document.conversation.path.suffix(Self.previewMessages).map { message in
            let text = message.content.prefix(Self.previewCharacters)
            let isCut = text.endIndex < message.content.endIndex
            return SessionPreview.Line(
                role: message.role, model: message.origin?.model.name, text: isCut ? "\(text)…" : String(text))
        }
        mailbox.post(.sessionPreviewed(SessionPreview(session: id, messages: messages)))
    }

    private static func id(_ text: String) throws -> SessionID {
        guard let id = SessionID(text) else { throw CommandLineError("\"\(text)\" is no session's id") }
        return id
    }

    /// A path as a person writes it.
    private static func path(_ text: String) -> String { PersonsPath(text).absolute }
}

/// Tells a search whether it is still wanted.
private final class LatestSearch: Sendable {
    private let number = Mutex(0)

    func begin() -> Int {
        number.withLock { number in
            number += 1
            return number
        }
    }

    func `is`(_ other: Int) -> Bool { number.withLock { $0 == other } }
}
