import Chat
import Files
import Foundation
import JSON

/// A session that was read from its file and is being opened.
struct SessionOpening {
    private(set) var record: SessionRecord
    var access: SessionAccess = .writable
    private var warnings: [String] = []
    private var repairs: [SessionNotice] = []
    private var original: String?
    private let bytes: [UInt8]
    private let path: String
    /// The file as it was read or repaired.
    private(set) var known: KnownFile

    /// Reads as much as possible. Throws if there is no such file, or nothing of a session in it.
    init(_ id: SessionID, path: String) throws(SessionError) {
        self.path = path
        // Asked for before the file is read: a change in between then counts as one by another program.
        let version = FileVersion(of: path)
        bytes = try FileAccess.read(path)
        known = KnownFile(bytes, version: version)
        let (json, mistake) = JSONReader.recover(bytes)
        guard let (record, problems) = SessionRecord.read(json, id: id) else {
            if let mistake { throw .damaged(path: path, reason: "\(mistake)") }
            throw .notASession(path: path, found: SessionRecord.formatProblem(json))
        }
        self.record = record
        if id.text == Self.welcome {
            access = .readOnly(.shipped)
        }
        if let version = json.object?["version"]?.integer, version > SessionRecord.formatVersion {
            // What looks wrong to this version may be right in that one.
            access = .readOnly(.newerVersion(version))
        } else {
            warnings = (mistake.map { ["\($0)"] } ?? []) + problems.map(\.description)
        }
    }

    /// What the user should know.
    var notices: [SessionNotice] {
        var notices = repairs
        if !warnings.isEmpty { notices.insert(.recovered(original: original, warnings: warnings), at: 0) }
        if case .readOnly(let reason) = access { notices.append(.readOnly(reason)) }
        return notices
    }

    /// Repairs on disk what a crash or damage left behind. Only for the holder of the lock.
    mutating func repair(_ id: SessionID, _ files: SessionFiles) throws(SessionError) {
        if !warnings.isEmpty {
            let name = SessionFiles.name(for: path, "damaged")
            try FileAccess.replace(name, with: bytes)
            original = name
        }
        let journal = files.journal(id)
        var isMerged = false
        if FileAccess.exists(journal) {
            if let reply = try? Journal.read(journal) {
                isMerged = record.merge(reply)
                if isMerged { repairs.append(.interruptedReply(characters: reply.content.count)) }
            } else {
                let name = SessionFiles.name(for: journal, "damaged")
                try FileAccess.move(journal, to: name)
                repairs.append(.unreadableJournal(path: name))
            }
        }
        if isMerged || !warnings.isEmpty {
            let repaired = Array(JSONWriter.pretty(record.json).utf8)
            try FileAccess.replace(path, with: repaired)
            known = KnownFile(repaired, version: FileVersion(of: path))
        }
        unlink(journal)
    }

    /// The tour that is part of the program; in a checkout it is under version control.
    static let welcome = "welcome"
}
