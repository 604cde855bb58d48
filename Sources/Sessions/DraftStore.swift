import Chat
import Foundation
import JSON
import Synchronization

/// What is being written in each session, beside it in the folder, so that a crash loses none of it.
///
/// The program that writes a draft keeps its file locked, by the system's lock that ends with its holder: what another
/// program is writing at this moment is not taken for what a crash has left.
public final class DraftStore: Sendable {
    private let files: SessionFiles
    /// The draft of this program, open and locked.
    private let held = Mutex<(id: SessionID, descriptor: Int32)?>(nil)

    public init(folder: String) { files = SessionFiles(folder: folder) }

    /// Replaces the draft of a session.
    public func save(_ draft: Draft, for id: SessionID) throws(SessionError) {
        try FileAccess.makeFolder(files.folder)
        let bytes = Array(JSONWriter.pretty(draft.json).utf8)
        let descriptor = try FileAccess.replaceKeepingOpen(files.draft(id), with: bytes)
        flock(descriptor, LOCK_EX | LOCK_NB)
        hold((id, descriptor))
    }

    /// The draft of a session; nil where there is none, or where another program is writing it.
    public func load(_ id: SessionID) -> Draft? {
        let path = files.draft(id)
        guard held.withLock({ $0?.id }) == id || !isLocked(path), let bytes = try? FileAccess.read(path) else {
            return nil
        }
        return Draft(JSONReader.recover(bytes).value)
    }

    /// The latest session that has a draft, though no message was ever sent in it; nil where there is none, or another
    /// program is writing it.
    public func unsent() -> (id: SessionID, draft: Draft)? {
        for id in files.drafts().sorted().reversed() where !FileAccess.exists(files.session(id)) {
            if let draft = load(id) { return (id, draft) }
        }
        return nil
    }

    /// Takes a draft away: it was sent, or there is nothing left of it.
    public func remove(_ id: SessionID) {
        unlink(files.draft(id))
        if held.withLock({ $0?.id }) == id { hold(nil) }
    }

    /// Lets go of the file of this program's draft, which stays.
    public func close() { hold(nil) }

    deinit { hold(nil) }

    private func hold(_ new: (id: SessionID, descriptor: Int32)?) {
        let old = held.withLock { held in
            defer { held = new }
            return held
        }
        if let old { Foundation.close(old.descriptor) }
    }

    private func isLocked(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { Foundation.close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }
}
