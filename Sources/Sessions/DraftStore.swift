import Chat
import Files
import Foundation
import JSON
import Synchronization

/// What the user is writing in each session, in a file next to the session's, so that a crash loses none of it.
///
/// A program keeps the file of its draft locked, by a system lock that ends with the program: so a draft that another
/// program is writing is not mistaken for one that a crash left.
public final class DraftStore: Sendable {
    private let files: SessionFiles
    private let locks: FileLocks
    /// This program's draft, open and locked.
    private let locked = Mutex<(id: SessionID, file: StagedFile<SessionError>)?>(nil)

    public convenience init(folder: String) { self.init(folder: folder, locks: .system) }

    package init(folder: String, locks: FileLocks) {
        files = SessionFiles(folder: folder)
        self.locks = locks
    }

    /// Replaces the draft of a session.
    public func save(_ draft: Draft, for id: SessionID) throws(SessionError) {
        let bytes = Array(JSONWriter.pretty(draft.json).utf8)
        let file = try StagedFile<SessionError>(files.draft(id), bytes)
        try file.publish()
        // The object keeps the file open, and with it the lock.
        locked.withLock { $0 = (id, file) }
    }

    /// The draft of a session; nil if there is none or another program is writing it.
    public func load(_ id: SessionID) -> Draft? {
        let path = files.draft(id)
        guard locked.withLock({ $0?.id }) == id || !isLocked(path), let bytes = try? FileAccess.read(path) else {
            return nil
        }
        return Draft(JSONReader.recover(bytes).value)
    }

    /// The most recent session that has a draft but was never saved, because no message was sent; nil if there is none
    /// or another program is writing it.
    public func unsent() -> (id: SessionID, draft: Draft)? {
        for id in files.drafts().sorted().reversed() where !FileAccess.exists(files.session(id)) {
            if let draft = load(id) { return (id, draft) }
        }
        return nil
    }

    /// Removes a draft that was sent or is empty.
    public func remove(_ id: SessionID) {
        unlink(files.draft(id))
        locked.withLock { if $0?.id == id { $0 = nil } }
    }

    /// Unlocks this program's draft and keeps it.
    public func close() { locked.withLock { $0 = nil } }

    private func isLocked(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { Foundation.close(descriptor) }
        return locks.take(descriptor) == .held
    }
}
