import Chat
import Foundation
import Synchronization

/// The sessions in one folder: a JSON file each, beside it a lock while it is open and a journal while a reply streams.
///
/// Every call goes to the disk; nothing is kept but summaries of files that have not changed since.
public final class SessionStore: Sendable {
    public let folder: String
    private let files: SessionFiles
    private let summaries = Mutex<[SessionID: SessionSummary]>([:])

    /// The folder is made when the first session is saved.
    public init(folder: String) {
        self.folder = folder
        files = SessionFiles(folder: folder)
    }

    // MARK: Finding

    /// Every session, the one last changed first. Files that cannot be read are there too, with the reason.
    public func list() -> [SessionSummary] {
        let known = summaries.withLock { $0 }
        let found = files.ids().compactMap { id in
            SessionSummary(id: id, path: files.session(id), known: known[id])
        }
        summaries.withLock { $0 = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) }) }
        return found.sorted { ($0.updated, $0.id) > ($1.updated, $1.id) }
    }

    /// The session that a person means: by id, by the start of an id, by title, or by a part of one, in that order and
    /// without regard to case.
    public func find(_ query: String) throws(SessionError) -> SessionID {
        let all = list()
        let wanted = query.lowercased()
        let tests: [(SessionSummary) -> Bool] = [
            { $0.id.text == query },
            { $0.title.lowercased() == wanted },
            { $0.id.text.lowercased().hasPrefix(wanted) },
            { $0.title.lowercased().contains(wanted) },
        ]
        for test in tests where !wanted.isEmpty {
            let matches = all.filter(test)
            if matches.count == 1 { return matches[0].id }
            if matches.count > 1 {
                throw .ambiguous(query: query, matches: matches.map { "\($0.title) (\($0.id))" })
            }
        }
        let suggestion = Spelling.nearest(to: query, among: all.map(\.title))
        throw .notFound(kind: .session, query: query, suggestion: suggestion)
    }

    /// Whether a session is on disk.
    public func holds(_ id: SessionID) -> Bool { FileAccess.exists(files.session(id)) }

    // MARK: Opening and making

    /// Saves a new session and opens it.
    public func create(_ document: SessionDocument) throws(SessionError) -> OpenSession {
        try FileAccess.makeFolder(folder)
        guard !FileAccess.exists(files.session(document.id)) else {
            throw .cannotWrite(path: files.session(document.id), reason: "a session of that name is there already")
        }
        let lock: SessionLock
        do {
            lock = try SessionLock(path: files.lock(document.id))
        } catch {
            throw .cannotWrite(path: files.session(document.id), reason: "\(error.reason)")
        }
        let session = OpenSession(document, access: .writable, notices: [], lock: lock, files: files)
        try session.save(document, at: document.updated)
        return session
    }

    /// Opens a session: takes its lock, recovers what a crash or damage left, and says what it did. Where it may not be
    /// changed it is opened read-only.
    public func open(_ id: SessionID) throws(SessionError) -> OpenSession {
        let path = files.session(id)
        guard FileAccess.exists(path) else { throw .notFound(kind: .session, query: id.text, suggestion: nil) }
        var opening = try SessionOpening(id, path: path)
        var lock: SessionLock?
        if opening.access == .writable {
            do {
                lock = try SessionLock(path: files.lock(id))
                // Another program may have saved between our reading and our locking.
                opening = try SessionOpening(id, path: path)
                try opening.repair(files)
            } catch let error as SessionLock.Failure {
                opening.access = .readOnly(error.reason)
            } catch let error as SessionError {
                opening.access = .readOnly(.notPermitted(error.description))
            } catch {
                opening.access = .readOnly(.notPermitted("\(error)"))
            }
        }
        if case .readOnly = opening.access { lock = nil }
        return OpenSession(
            opening.document, access: opening.access, notices: opening.notices, lock: lock, files: files)
    }

    /// Reads a session without opening it: no lock, nothing changed on disk.
    public func read(_ id: SessionID) throws(SessionError) -> SessionDocument {
        try SessionOpening(id, path: files.session(id)).document
    }

    /// A session's file as it is; nothing where it cannot be read.
    func contents(of id: SessionID) -> [UInt8] { (try? FileAccess.read(files.session(id))) ?? [] }

    // MARK: Changing

    /// Gives a session that is not open another title.
    public func rename(_ id: SessionID, to title: String) throws(SessionError) {
        let session = try open(id)
        var document = session.document
        document.title = title
        try session.save(document)
    }

    /// Makes a copy with an id of its own. Returns it, saved and not open.
    public func duplicate(_ id: SessionID, title: String? = nil) throws(SessionError) -> SessionID {
        var document = try read(id)
        document.title = title ?? "\(document.title) (copy)"
        document.id = .new()
        try create(document).close()
        return document.id
    }

    /// Moves a session to the trash folder, from which `restore` brings it back.
    public func delete(_ id: SessionID) throws(SessionError) {
        let session = try open(id)
        defer { session.close() }
        if case .readOnly(let reason) = session.access { throw .readOnly(reason) }
        try FileAccess.makeFolder(files.trash)
        try FileAccess.move(files.session(id), to: files.trashed(id))
        unlink(files.draft(id))
    }

    /// Brings a deleted session back.
    public func restore(_ id: SessionID) throws(SessionError) {
        guard FileAccess.exists(files.trashed(id)) else {
            throw .notFound(kind: .deletedSession, query: id.text, suggestion: nil)
        }
        guard !FileAccess.exists(files.session(id)) else {
            throw .cannotWrite(path: files.session(id), reason: "a session of that name is there already")
        }
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
