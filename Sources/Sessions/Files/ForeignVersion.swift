import Chat
import Files
import Foundation
import JSON

extension SessionFiles {
    /// Keeps what another program wrote to the file of an open session, before that is replaced: as a session of its
    /// own, or under another name if it cannot be read.
    func keep(_ content: [UInt8], of path: String) throws(SessionError) -> SessionNotice {
        let id = SessionID.new()
        if let json = try? JSONReader.read(content), json.object?["version"]?.integer == SessionRecord.formatVersion,
            let (read, warnings) = SessionRecord.read(json, id: id), warnings.isEmpty
        {
            var record = read
            record.title = "\(record.title) (changed elsewhere)"
            try FileAccess.replace(session(id), with: Array(JSONWriter.pretty(record.json).utf8))
            return .changedElsewhere(kept: "the session \"\(record.title)\"")
        }
        let name = Self.name(for: path, "changed")
        try FileAccess.replace(name, with: content)
        return .changedElsewhere(kept: name)
    }
}
