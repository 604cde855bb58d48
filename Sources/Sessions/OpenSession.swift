import Chat
import Foundation
import JSON
import Synchronization

/// A session that this program has open. Holds its lock until it goes, or until `close`.
public final class OpenSession: Sendable {
    public let id: SessionID
    public let access: SessionAccess
    /// The session as it was when it was opened, an interrupted reply merged.
    public let document: SessionDocument
    /// What the person should be told about how it was read.
    public let notices: [SessionNotice]

    private let files: SessionFiles
    private let state: Mutex<State>

    private struct State {
        var lock: SessionLock?
        var journal: Journal?
    }

    init(
        _ document: SessionDocument, access: SessionAccess, notices: [SessionNotice], lock: SessionLock?,
        files: SessionFiles
    ) {
        id = document.id
        self.document = document
        self.access = access
        self.notices = notices
        self.files = files
        state = Mutex(State(lock: lock, journal: nil))
    }

    /// Writes the session to disk, and stamps it as updated now. On an error the file as it was still stands.
    ///
    /// The journal, if one is open, stays: `endJournal` removes it once the reply is saved.
    public func save(_ document: SessionDocument, at date: Date = Date()) throws(SessionError) {
        if case .readOnly(let reason) = access { throw .readOnly(reason) }
        var document = document
        document.id = id
        document.updated = date
        try FileAccess.replace(files.session(id), with: Array(JSONWriter.pretty(document.json).utf8))
    }

    /// Starts to keep a reply that streams in. Its text so far is part of the message.
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

    /// Lets other programs have the session.
    public func close() {
        state.withLock { state in
            state.journal = nil
            state.lock = nil
        }
    }
}

/// Something that happened while a session was opened.
public enum SessionNotice: Sendable, Equatable, CustomStringConvertible {
    case readOnly(SessionAccess.Reason)
    /// A reply that a crash cut off is back.
    case interruptedReply(characters: Int)
    /// The file was damaged: it lies under another name, and what could be read is here. The path is nil where the
    /// session is read-only and the file was left where it is.
    case recovered(aside: String?, warnings: [String])
    /// A journal that could not be read, and stays where it is.
    case unreadableJournal(path: String)

    public var description: String {
        switch self {
        case .readOnly(let reason): "read-only: \(reason)"
        case .interruptedReply(let characters):
            "the last reply was interrupted; \(characters) characters of it were kept"
        case .recovered(let aside, let warnings):
            "the file was damaged; what could be read is here"
                + (aside.map { ", the file as it was is \($0)" } ?? "")
                + (warnings.first.map { " (\($0)" } ?? "")
                + (warnings.count > 1 ? " and \(warnings.count - 1) more" : "") + (warnings.isEmpty ? "" : ")")
        case .unreadableJournal(let path): "the journal of an interrupted reply cannot be read: \(path)"
        }
    }
}
