import Chat
import Files
import Foundation
import JSON

/// A session that is in the file system, under a temporary name: it survives the end of the program, however that comes.
/// `SessionHandle.save` completes it. If that does not happen, it is taken over when the program next starts.
package struct StagedSession: Sendable {
    let file: StagedFile<SessionError>
    let bytes: [UInt8]

    /// Writes a session without waiting for the disk.
    init(_ record: SessionRecord, id: SessionID, at date: Date, files: SessionFiles) throws(SessionError) {
        var record = record
        record.id = id.text
        record.updated = date
        bytes = Array(JSONWriter.pretty(record.json).utf8)
        file = try StagedFile(files.session(id), bytes)
    }

    /// Replaces the session's file. Returns what is then known about it.
    func publish() throws(SessionError) -> KnownFile {
        try file.publish()
        return KnownFile(bytes, version: file.status.map(FileVersion.init))
    }
}

extension SessionStore {
    /// Writes a session to a temporary file, so that it cannot be lost any more. Fast enough to be done before the next
    /// drawing: it does not wait until the content is on the disk.
    package func stage(_ record: SessionRecord, at date: Date = Date()) throws(SessionError) -> StagedSession {
        try StagedSession(record, id: try SessionID(parsing: record.id), at: date, files: files)
    }
}
