import Chat
import Foundation

/// What can be asked about sessions on disk that are not the open one alone.
public enum SessionTask: Sendable, Equatable {
    /// Look for a text in every message of every session; answered by `sessionsFound`. A search that is still going on
    /// is given up for it.
    case search(String)
    /// Read the end of a session; answered by `sessionPreviewed`.
    case preview(SessionSummary.ID)
    /// The others are answered by `sessionsListed`, and a notice where there is something to tell.
    case rename(SessionSummary.ID, title: String)
    /// A copy with an id of its own; `opens` shows it.
    case duplicate(SessionSummary.ID, title: String?, opens: Bool)
    case export(SessionSummary.ID, SessionExport)
    /// Makes a session of a file that was exported as JSON, and opens it.
    case importFile(String)
    /// Bring a deleted one back.
    case restore(SessionSummary.ID)
}

/// A file that a session is written to.
public struct SessionExport: Sendable, Equatable {
    public enum Format: String, Sendable, CaseIterable {
        case markdown, json

        var fileExtension: String { self == .markdown ? "md" : "json" }
    }

    /// Relative to where the program was started; may begin with "~/".
    public var file: String
    public var format: Format
    /// Whether the person has not named it: then another name is found where the file is there already.
    public var isSuggested: Bool

    init(title: String, _ format: Format) {
        file = Self.suggestedName(title, format)
        self.format = format
        isSuggested = true
    }

    /// The format is that of the file's ending; a name without one is Markdown.
    init(file: String) throws(CommandError) {
        let name = file.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard !name.isEmpty else {
            throw CommandError("an export needs the name of a file, such as chat.md or chat.json")
        }
        let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() }
        switch ending {
        case "md", "markdown": (self.file, format) = (file, .markdown)
        case "json": (self.file, format) = (file, .json)
        case nil: (self.file, format) = (file + ".md", .markdown)
        case let other?: throw CommandError("a session is exported as .md or .json, not as .\(other.prefix(10))")
        }
        isSuggested = false
    }

    /// A file's name from a title: letters, digits and blanks of it.
    static func suggestedName(_ title: String, _ format: Format) -> String {
        let kept = title.map { $0.isLetter || $0.isNumber || "-_".contains($0) ? $0 : " " }
        let words = String(kept).split(separator: " ").joined(separator: " ").prefix(60)
        return "\(words.isEmpty ? "session" : String(words)).\(format.fileExtension)"
    }
}

/// A session in which a text was found.
public struct SessionMatch: Sendable, Equatable {
    public var session: SessionSummary.ID
    /// A line around each of the first places.
    public var excerpts: [String]

    public init(session: SessionSummary.ID, excerpts: [String]) {
        self.session = session
        self.excerpts = excerpts
    }
}

/// What a session is about: the end of its shown branch.
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
    /// In their order; the last is the latest.
    public var messages: [Line]

    public init(session: SessionSummary.ID, messages: [Line]) {
        self.session = session
        self.messages = messages
    }
}

/// A session as it was at a time.
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
}

enum SessionSearchLimits {
    /// Shorter ones are found everywhere.
    static let shortestQuery = 2
}
