import Chat
import Foundation

/// Work on session files that goes beyond opening and saving the open session.
public enum SessionTask: Sendable, Equatable {
    /// Search every message of every session; answered by `sessionsFound`. Cancels a search in progress.
    case search(String)
    /// Read the end of a session; answered by `sessionPreviewed`.
    case preview(SessionSummary.ID)
    /// Those without a remark are answered by `sessionsListed`, and by a notice if there is something to report.
    case rename(SessionSummary.ID, title: String)
    /// Make a copy with an id of its own, and open it if `opens`.
    case duplicate(SessionSummary.ID, title: String?, opens: Bool)
    case export(SessionSummary.ID, SessionExport)
    /// Create a session from a file that was exported as JSON, and open it.
    case importFile(String)
    /// Restore a deleted session, by its title or id or the beginning of one, and open it if `opens`.
    case restore(String, opens: Bool)
    /// List the deleted sessions; answered by `trashListed`.
    case listTrash
}

/// A session in which a text was found.
public struct SessionMatch: Sendable, Equatable {
    public var session: SessionSummary.ID
    /// A line around each of the first matches.
    public var excerpts: [String]

    public init(session: SessionSummary.ID, excerpts: [String]) {
        self.session = session
        self.excerpts = excerpts
    }
}

/// The end of a session's shown branch.
public struct SessionPreview: Sendable, Equatable {
    public struct Line: Sendable, Equatable {
        public var role: Message.Role
        public var model: String?
        public var text: String

        public init(role: Message.Role, model: String?, text: String) {
            self.role = role
            self.model = model
            self.text = text
        }
    }

    public var session: SessionSummary.ID
    /// Oldest first.
    public var messages: [Line]

    public init(session: SessionSummary.ID, messages: [Line]) {
        self.session = session
        self.messages = messages
    }
}

/// A version of a session, by the time of its last change.
struct SessionVersion: Sendable, Hashable {
    var id: SessionSummary.ID
    var updated: Date

    init(_ session: SessionSummary) {
        id = session.id
        updated = session.updated
    }
}

/// The answer to a search.
struct FoundSessions: Sendable, Equatable {
    var query: String
    var matches: [SessionMatch]
    /// Whether all sessions were searched.
    var isComplete = true
}

enum SessionSearchLimits {
    /// Shorter queries match nearly every session.
    static let shortestQuery = 2
}
