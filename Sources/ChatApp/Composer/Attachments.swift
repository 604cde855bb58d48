import Chat
import Foundation
import TUI

/// A text file to be read for the draft.
public struct FileRequest: Sendable, Equatable {
    /// As the user wrote it: relative to the working directory, or with a tilde for the home directory.
    public var path: String
    /// Whether the draft's text names it (`@path`), not a command (`/file`).
    public var isMention: Bool
    /// The model that is to read it, and its context size in the settings (0 means the model's own).
    public var model: ModelReference?
    public var contextLength: Int
}

/// The result of reading a file.
public enum FileReading: Sendable, Equatable {
    case text(Attachment)
    /// There is no such file, with the reason in one line: in a draft, such a word is only a word.
    case noFile(String)
    /// It cannot be attached, with the reason in one line.
    case refused(String)
}

extension Composer {
    /// Everything that is sent with the draft: attached files, and the files that the text names.
    var outgoingAttachments: [Attachment] {
        attachments.filter { file in !draft.namedFiles.contains { $0.name == file.name } } + draft.namedFiles
    }

    /// Attaches a file, in place of one with the same name.
    fileprivate mutating func attach(_ file: Attachment) {
        attachments = attachments.filter { $0.name != file.name } + [file]
    }
}

extension AppState {
    /// `/file PATH`
    mutating func attachFile(_ path: String) -> [Effect] { [readFile(unquoted(path), isMention: false)] }

    /// `/detach [NAME]`: removes the last one by default.
    mutating func detachFile(named name: String) throws(CommandError) -> [Effect] {
        guard let last = composer.attachments.last else { throw CommandError("No file is attached") }
        let file =
            name.isEmpty ? last : try NameLookup.find(name, in: composer.attachments, kind: "attachment") { [$0.name] }
        composer.attachments.removeAll { $0.name == file.name }
        notify(.info, "Removed \(file.name)")
        return []
    }

    mutating func detachLastFile() {
        if let last = composer.attachments.popLast() {
            notify(.info, "Removed \(last.name)")
        } else if let named = composer.outgoingAttachments.last {
            notify(.info, "@\(named.name) is in your message; delete it there to remove the file")
        } else {
            notify(.info, "No file is attached")
        }
    }

    /// A path as a shell would read it, since terminals insert dropped files like this: `'a b.txt'`, `a\ b.txt`, or
    /// `file:///tmp/a%20b.txt`.
    private func unquoted(_ path: String) -> String {
        for mark in ["\"", "'"] where path.count > 2 && path.hasPrefix(mark) && path.hasSuffix(mark) {
            return String(path.dropFirst().dropLast())
        }
        if path.hasPrefix("file://"), let file = URL(string: path)?.path(percentEncoded: false) { return file }
        return path.replacing(/\\([ '"()&\[\]])/) { $0.output.1 }
    }

    func readFile(_ path: String, isMention: Bool) -> Effect {
        .readFile(
            FileRequest(
                path: path, isMention: isMention, model: session.record.model,
                contextLength: session.record.settings.contextLength))
    }

    /// Attaches a file that was read, or explains why it cannot be attached.
    mutating func attachReadFile(_ reading: FileReading, for request: FileRequest) -> [Effect] {
        guard !request.isMention else { return applyMentionReading(reading, of: request.path) }
        switch reading {
        case .text(let file): composer.attach(file)
        case .noFile(let reason), .refused(let reason): notify(.warning, reason)
        }
        return []
    }
}
