import Chat
import Foundation
import JSON

/// Formats to export a session in.
public enum SessionFormat: String, Sendable, CaseIterable {
    /// The shown branch, for reading.
    case markdown
    /// The whole session, for importing.
    case json
}

extension SessionStore {
    public func text(of id: SessionID, as format: SessionFormat) throws(SessionError) -> String {
        let record = try read(id)
        return format == .json ? JSONWriter.pretty(record.json) : record.markdown
    }

    /// Writes a session to a new file. Existing files are not overwritten.
    ///
    /// - Parameter isNumbered: if the file exists, add the next free number to the name.
    /// - Returns: the file's path.
    public func export(
        _ id: SessionID, to path: String, as format: SessionFormat, isNumbered: Bool = false
    ) throws(SessionError) -> String {
        let bytes = Array(try text(of: id, as: format).utf8)
        let file = URL(filePath: path)
        let stem = file.deletingPathExtension().path
        for number in 1...(isNumbered ? 999 : 1) {
            let name = number == 1 ? path : "\(stem) \(number).\(file.pathExtension)"
            if try FileAccess.create(name, with: bytes) { return name }
        }
        throw .exists(path: path)
    }

    /// Imports a session that was exported as JSON, under a new id. Anything in the file that cannot be read is left out,
    /// with a warning.
    public func importFile(_ path: String) throws(SessionError) -> (id: SessionID, warnings: [SessionWarning]) {
        let (json, mistake) = JSONReader.recover(try FileAccess.read(path))
        if let version = json.object?["version"]?.integer, version > SessionRecord.formatVersion {
            throw .newer(path: path, version: version)
        }
        let id = SessionID.new()
        guard let (record, warnings) = SessionRecord.read(json, id: id) else {
            if let mistake { throw .damaged(path: path, reason: "\(mistake)") }
            throw .notASession(path: path, found: SessionRecord.formatProblem(json))
        }
        try create(record).close()
        return (id, (mistake.map { [SessionWarning("the file", "\($0)")] } ?? []) + warnings)
    }
}

extension SessionRecord {
    /// The shown branch as Markdown: a heading for each message, followed by its text.
    public var markdown: String {
        var parts = ["# \(title.isEmpty ? "Untitled" : title)"]
        if let system { parts.append("## System prompt\n\n\(system)") }
        for message in conversation.path {
            let name =
                switch message.role {
                case .user: "You"
                case .assistant: message.origin?.model.name ?? "Assistant"
                case .system: "System"
                case .tool: "Tool"
                }
            parts.append("## \(name)\n\n\(message.promptText)")
        }
        return parts.joined(separator: "\n\n") + "\n"
    }
}
