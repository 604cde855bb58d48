import Chat
import Files
import Foundation
import Synchronization

/// The sessions in a folder: a JSON file each, with a lock file while it is open and a journal while a reply streams.
///
/// Every call goes to the disk; only summaries are cached, as long as their files do not change.
public final class SessionStore: Sendable {
    public let folder: String
    let files: SessionFiles
    let locks: FileLocks
    private let summaries = Mutex<[SessionID: SessionSummary]>([:])
    /// Whether the user knows that the file system has no locks.
    private let hasReportedLocks = Mutex(false)

    /// - Parameters:
    ///   - folder: created when the first session is saved.
    ///   - shippedFolder: contains the built-in welcome session, if that is not in `folder`.
    public convenience init(folder: String, shippedFolder: String? = nil) {
        self.init(folder: folder, shippedFolder: shippedFolder, locks: .system)
    }

    package init(folder: String, shippedFolder: String? = nil, locks: FileLocks) {
        self.folder = folder
        self.locks = locks
        files = SessionFiles(folder: folder, shippedFolder: shippedFolder)
    }

    // MARK: Finding

    /// All sessions, the most recently changed first. Files that cannot be read are included, with the reason.
    public func list() -> [SessionSummary] {
        let known = summaries.withLock { $0 }
        let found = files.ids().compactMap { id in
            SessionSummary(id: id, path: files.session(id), known: known[id])
        }
        summaries.withLock { $0 = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) }) }
        return found.sorted { ($0.updated, $0.id) > ($1.updated, $1.id) }
    }

    /// The session with an id, a title, the beginning of an id, or a part of a title, in this order and ignoring case.
    public func find(_ query: String) throws(SessionError) -> SessionID {
        try SessionSummary.find(query, in: list(), kind: .session).id
    }

    /// Whether a session is on disk.
    public func contains(_ id: SessionID) -> Bool { FileAccess.exists(files.session(id)) }

    // MARK: Opening and creating

    /// Saves a new session and opens it.
    public func create(_ record: SessionRecord) throws(SessionError) -> SessionHandle {
        try create(record, staged: try stage(record, at: record.updated))
    }

    /// Completes the saving of a new session and opens it.
    package func create(_ record: SessionRecord, staged: StagedSession) throws(SessionError) -> SessionHandle {
        let id = try SessionID(parsing: record.id)
        guard !contains(id) else { throw .exists(path: files.session(id)) }
        let lock: SessionLock
        do {
            lock = try SessionLock(path: files.lock(id), locks: locks)
        } catch {
            throw .cannotWrite(path: files.session(id), reason: "\(error.reason)")
        }
        let session = SessionHandle(
            record, id: id, access: .writable, notices: lockNotices(lock), lock: lock, known: nil, files: files)
        try session.save(staged)
        return session
    }

    /// What the user should know about a lock; once for all sessions.
    private func lockNotices(_ lock: SessionLock?) -> [SessionNotice] {
        guard let reason = lock?.unsupported else { return [] }
        let isKnown = hasReportedLocks.withLock { isKnown in
            defer { isKnown = true }
            return isKnown
        }
        return isKnown ? [] : [.noLocks(reason)]
    }

    /// Opens a session: takes its lock, repairs damage and merges the reply that a crash interrupted. If it cannot be
    /// changed, it is opened read-only.
    public func open(_ id: SessionID) throws(SessionError) -> SessionHandle {
        let path = files.session(id)
        guard FileAccess.exists(path) else { throw .notFound(kind: .session, query: id.text, suggestion: nil) }
        var opening = try SessionOpening(id, path: path)
        var lock: SessionLock?
        if opening.access == .writable {
            do {
                lock = try SessionLock(path: files.lock(id), locks: locks)
                _ = files.completeSaving(id)
                // Another program may have saved it before we had the lock.
                opening = try SessionOpening(id, path: path)
                try opening.repair(id, files)
            } catch let error as SessionLock.Failure {
                opening.access = .readOnly(error.reason)
            } catch let error as SessionError {
                opening.access = .readOnly(.notPermitted(error.description))
            } catch {
                opening.access = .readOnly(.notPermitted("\(error)"))
            }
        }
        var record = opening.record
        if case .readOnly(let reason) = opening.access {
            lock = nil
            record.readOnly = "\(reason)"
        }
        return SessionHandle(
            record, id: id, access: opening.access, notices: opening.notices + lockNotices(lock), lock: lock,
            known: opening.known, files: files)
    }

    /// Reads a session without opening it: takes no lock and changes nothing on disk.
    public func read(_ id: SessionID) throws(SessionError) -> SessionRecord {
        try SessionOpening(id, path: files.session(id)).record
    }

    /// The bytes of a session's file; empty if it cannot be read.
    func contents(of id: SessionID) -> [UInt8] { (try? FileAccess.read(files.session(id))) ?? [] }

    // MARK: Changing

    /// Renames a session that is not open.
    public func rename(_ id: SessionID, to title: String) throws(SessionError) {
        let session = try open(id)
        var record = session.record
        record.title = title
        try session.save(record)
    }

    /// Saves a copy under a new id, which is returned. The copy is not opened.
    public func duplicate(_ id: SessionID, title: String? = nil) throws(SessionError) -> SessionID {
        let copy = SessionID.new()
        var record = try read(id)
        record.title = title ?? "\(record.title) (copy)"
        record.id = copy.text
        try create(record).close()
        return copy
    }

    /// Moves a session to the trash folder.
    public func delete(_ id: SessionID) throws(SessionError) {
        let session = try open(id)
        defer { session.close() }
        if case .readOnly(let reason) = session.access { throw .readOnly(reason) }
        try FileAccess.makeFolder(files.trash)
        try FileAccess.move(files.session(id), to: files.trashed(id))
        unlink(files.draft(id))
    }

    /// Moves a deleted session back from the trash folder.
    public func restore(_ id: SessionID) throws(SessionError) {
        guard FileAccess.exists(files.trashed(id)) else {
            throw .notFound(kind: .deletedSession, query: id.text, suggestion: nil)
        }
        guard !contains(id) else { throw .exists(path: files.session(id)) }
        try FileAccess.move(files.trashed(id), to: files.session(id))
    }
}

extension SessionLock.Failure {
    var reason: SessionAccess.Reason {
        switch self {
        case .heldBy(let process): .heldBy(process: process)
        case .notPermitted(let reason): .notPermitted(reason)
        }
    }
}
