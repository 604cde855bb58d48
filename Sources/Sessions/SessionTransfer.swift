import Chat
import Foundation
import JSON

/// What a session can be written as for others.
public enum SessionFormat: String, Sendable, CaseIterable {
    /// The shown branch, to be read.
    case markdown
    /// The whole session, to be imported again.
    case json
}

extension SessionStore {
    public func text(of id: SessionID, as format: SessionFormat) throws(SessionError) -> String {
        let document = try read(id)
        return format == .json ? JSONWriter.pretty(document.json) : document.markdown
    }

    /// Writes a session to a file. Nothing that is there already is overwritten.
    ///
    /// - Parameter isNumbered: where the file is there, take the name with the next free number instead.
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
        throw .cannotWrite(path: path, reason: "it is there already; give another name")
    }

    /// Makes a session of a file that was exported as JSON, under an id of its own. What is not as it should be in the
    /// file is left out and told.
    public func importFile(_ path: String) throws(SessionError) -> (id: SessionID, warnings: [SessionWarning]) {
        let (json, mistake) = JSONReader.recover(try FileAccess.read(path))
        if let version = json.object?["version"]?.integer, version > SessionDocument.version {
            throw .newer(path: path, version: version)
        }
        guard let (document, warnings) = SessionDocument.read(json, id: .new()) else {
            if let mistake { throw .damaged(path: path, reason: "\(mistake)") }
            throw .notASession(path: path, found: "it does not say so")
        }
        try create(document).close()
        return (document.id, (mistake.map { [SessionWarning("the file", "\($0)")] } ?? []) + warnings)
    }
}

extension SessionDocument {
    /// The shown branch as Markdown: a heading for each message, and its text as it is.
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
