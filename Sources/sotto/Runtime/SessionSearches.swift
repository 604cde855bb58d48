import Chat
import ChatApp
import Files
import Foundation
import Sessions
import Synchronization

/// Reads sessions for lists: full-text search and previews. Saving does not wait for it.
struct SessionSearches: Sendable {
    let store: SessionStore
    let mailbox: Mailbox
    private let latest = LatestNumber()

    /// A list with more sessions than this helps nobody.
    private static let hitLimit = 200
    private static let previewMessages = 6
    private static let previewCharacters = 1500

    init(store: SessionStore, mailbox: Mailbox) {
        self.store = store
        self.mailbox = mailbox
    }

    /// Searches all messages of all sessions. A search that is still running is cancelled.
    func search(_ query: String) {
        let number = latest.next()
        Task {
            let found = await DiskQueue.read {
                store.search(query, limit: Self.hitLimit, isCancelled: { !latest.isLatest(number) })
            }
            guard latest.isLatest(number) else { return }
            let matches = found.hits.map { SessionMatch(session: $0.id.text, excerpts: $0.excerpts) }
            mailbox.post(.sessionsFound(query: query, matches, isComplete: found.isComplete))
        }
    }

    /// Reads the last messages of a session.
    func preview(_ id: SessionID) {
        Task {
            do {
                let record = try await DiskQueue.read { Result { try store.read(id) } }.get()
                mailbox.post(.sessionPreviewed(Self.preview(record)))
            } catch {
                mailbox.post(.notice(Notice(.error, "\(error)")))
            }
        }
    }

    private static func preview(_ record: SessionRecord) -> SessionPreview {
        let messages = record.conversation.path.suffix(previewMessages).map { message in
            let text = message.content.prefix(previewCharacters)
            let isCut = text.endIndex < message.content.endIndex
            return SessionPreview.Line(
                role: message.role, model: message.origin?.model.name, text: isCut ? "\(text)…" : String(text))
        }
        return SessionPreview(session: record.id, messages: messages)
    }
}

/// Numbers the searches, so that one can see whether it is still the latest.
private final class LatestNumber: Sendable {
    private let number = Mutex(0)

    func next() -> Int {
        number.withLock { number in
            number += 1
            return number
        }
    }

    func isLatest(_ other: Int) -> Bool { number.withLock { $0 == other } }
}
