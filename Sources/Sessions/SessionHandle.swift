import Chat
import Foundation
import JSON
import Synchronization

/// A session that this program has open. It holds the session's lock until it is released or closed.
public final class SessionHandle: Sendable {
    public let id: SessionID
    public let access: SessionAccess
    /// The session as it was when it was opened, including an interrupted reply.
    public let record: SessionRecord
    /// What the user should know about how it was opened.
    public let notices: [SessionNotice]

    private let files: SessionFiles
    private let state: Mutex<State>

    private struct State {
        var lock: SessionLock?
        var journal: Journal?
        /// nil for a session that has no file yet.
        var known: KnownFile?
    }

    init(
        _ record: SessionRecord, id: SessionID, access: SessionAccess, notices: [SessionNotice], lock: SessionLock?,
        known: KnownFile?, files: SessionFiles
    ) {
        self.id = id
        self.record = record
        self.access = access
        self.notices = notices
        self.files = files
        state = Mutex(State(lock: lock, journal: nil, known: known))
    }

    /// Writes the session to disk, with `date` as the date of its last change. On an error the old file is unchanged.
    ///
    /// An open journal stays: `endJournal` removes it once the reply is saved.
    ///
    /// - Returns: what the user should know.
    @discardableResult
    public func save(_ record: SessionRecord, at date: Date = Date()) throws(SessionError) -> [SessionNotice] {
        if case .readOnly(let reason) = access { throw .readOnly(reason) }
        return try save(try StagedSession(record, id: id, at: date, files: files))
    }

    /// Completes the saving of this session.
    @discardableResult
    package func save(_ staged: StagedSession) throws(SessionError) -> [SessionNotice] {
        if case .readOnly(let reason) = access { throw .readOnly(reason) }
        let path = files.session(id)
        let foreign = try state.withLock { $0.known }?.foreignContent(of: path)
        let kept = try foreign.map { content throws(SessionError) in try files.keep(content, of: path) }
        let known = try staged.publish()
        state.withLock { $0.known = known }
        return kept.map { [$0] } ?? []
    }

    /// Starts the journal of a reply that streams. The reply's text so far is part of the message.
    public func beginJournal(_ reply: Message) throws(SessionError) {
        if case .readOnly(let reason) = access { throw .readOnly(reason) }
        let path = files.journal(id)
        let journal = try Journal(path: path, message: reply)
        state.withLock { $0.journal = journal }
    }

    /// Adds a piece of the reply's text to the journal.
    public func appendToJournal(_ text: String) throws(SessionError) {
        try state.withLock { $0.journal }?.append(text)
    }

    /// Removes the journal. Only after the reply was saved.
    public func endJournal() {
        state.withLock { state in
            guard state.journal != nil else { return }
            state.journal = nil
            unlink(files.journal(id))
        }
    }

    /// Releases the lock, so that other programs can open the session.
    public func close() {
        state.withLock { state in
            state.journal = nil
            state.lock = nil
        }
    }
}
