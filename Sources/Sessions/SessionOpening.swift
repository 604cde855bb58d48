import Chat
import Foundation
import JSON

/// A session as it is read from its file, on the way to being open.
struct SessionOpening {
    private(set) var document: SessionDocument
    var access: SessionAccess = .writable
    private var warnings: [String] = []
    private var remarks: [SessionNotice] = []
    private var aside: String?
    private let bytes: [UInt8]
    private let path: String

    /// Reads what can be read. Throws where there is no such file, or nothing of a session in it.
    init(_ id: SessionID, path: String) throws(SessionError) {
        self.path = path
        bytes = try FileAccess.read(path)
        let (json, mistake) = JSONReader.recover(bytes)
        guard let (document, problems) = SessionDocument.read(json, id: id) else {
            if let mistake { throw .damaged(path: path, reason: "\(mistake)") }
            let format = json.object?["format"]?.string
            throw .notASession(path: path, found: format.map { "it says \($0.prefix(40))" } ?? "it does not say so")
        }
        self.document = document
        if id.text == Self.welcome {
            access = .readOnly(.shipped)
        }
        if let version = json.object?["version"]?.integer, version > SessionDocument.version {
            // What looks wrong to this version may be right in that one.
            access = .readOnly(.newerVersion(version))
        } else {
            warnings = (mistake.map { ["\($0)"] } ?? []) + problems.map(\.description)
        }
    }

    /// What the person should know.
    var notices: [SessionNotice] {
        var notices = remarks
        if !warnings.isEmpty { notices.insert(.recovered(aside: aside, warnings: warnings), at: 0) }
        if case .readOnly(let reason) = access { notices.append(.readOnly(reason)) }
        return notices
    }

    /// Mends on disk what a crash or damage left behind. For the holder of the lock.
    mutating func repair(_ files: SessionFiles) throws(SessionError) {
        FileAccess.removeStrays(of: path)
        if !warnings.isEmpty {
            let name = files.aside(path)
            try FileAccess.replace(name, with: bytes)
            aside = name
        }
        let journal = files.journal(document.id)
        var isMerged = false
        if FileAccess.exists(journal) {
            if let reply = try? Journal.read(journal) {
                isMerged = document.merge(reply)
                if isMerged { remarks.append(.interruptedReply(characters: reply.content.count)) }
            } else {
                let name = files.aside(journal)
                try FileAccess.move(journal, to: name)
                remarks.append(.unreadableJournal(path: name))
            }
        }
        if isMerged || !warnings.isEmpty {
            try FileAccess.replace(path, with: Array(JSONWriter.pretty(document.json).utf8))
        }
        unlink(journal)
    }

    /// The tour of the keys that comes with the program, in a checkout under version control.
    static let welcome = "welcome"
}
