import Chat
import Files
import Foundation
import JSON
import Replies
import Synchronization
import UTF8Text

/// The text of a reply, written to disk while it streams, so that a crash loses none of it.
///
/// The first line is the message as JSON, without its text but with its reasoning; everything after it is the text.
final class Journal: Sendable {
    private let path: String
    private let descriptor: Int32
    private let lastFlush = Mutex(ContinuousClock.now)

    private static let format = "sotto.journal"
    private static let flushInterval = Duration.seconds(1)

    /// Starts the journal of a reply; an old one is replaced.
    init(path: String, message: Message) throws(SessionError) {
        var fields = message.json
        fields["format"] = .string(Self.format)
        fields["version"] = .integer(SessionRecord.formatVersion)
        fields["content"] = nil
        let text = JSONWriter.compact(.object(fields)) + "\n" + message.content
        try FileAccess.replace(path, with: Array(text.utf8))
        descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: SystemError.reason(errno)) }
        self.path = path
    }

    /// Adds text. It then survives a crash of the program; about once a second it is flushed, to survive a crash of the
    /// machine.
    func append(_ text: String) throws(SessionError) {
        if let failure = FileAccess.write(Array(text.utf8), to: descriptor) {
            throw .cannotWrite(path: path, reason: SystemError.reason(failure))
        }
        let isDue = lastFlush.withLock { last in
            guard last.duration(to: .now) >= Self.flushInterval else { return false }
            last = .now
            return true
        }
        guard isDue else { return }
        guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, reason: SystemError.reason(errno)) }
    }

    deinit { close(descriptor) }

    /// The interrupted reply in a journal, with the statistics it had when the journal began; nil if the file is not a
    /// journal.
    static func read(_ path: String) throws(SessionError) -> Message? {
        let bytes = try FileAccess.read(path)
        let header = bytes.prefix { $0 != UInt8(ascii: "\n") }
        guard var fields = (try? JSONReader.read(Array(header)))?.object, fields["format"]?.string == format else {
            return nil
        }
        (fields["format"], fields["version"], fields["content"]) = (nil, nil, .string(""))
        var reader = FieldReader(fields)
        var message = Message(&reader, fallbackID: Message.ID(rawValue: "reply"), previous: nil)
        let text = bytes.dropFirst(header.count + 1)
        message.content = String(decoding: text.dropLast(text.incompleteUTF8Tail), as: UTF8.self)
        return message
    }
}

extension SessionRecord {
    /// Adds a reply from a journal to the session as an interrupted one. Returns whether that changed anything: it does
    /// not if the reply was saved after its journal began, which its statistics show.
    mutating func merge(_ reply: Message) -> Bool {
        var interrupted = reply
        interrupted.origin?.stats = ReplyStats(stop: .interrupted)
        if let known = conversation[reply.id] {
            guard known.origin?.stats == reply.origin?.stats, known.role == reply.role,
                known.content.utf8.count < reply.content.utf8.count
                    || known.content == reply.content && (known.reasoning ?? "") != (reply.reasoning ?? "")
            else { return false }
            conversation.update(reply.id) { message in
                message.content = interrupted.content
                message.reasoning = interrupted.reasoning
                message.origin = interrupted.origin ?? message.origin
            }
            return true
        }
        if let parent = reply.parent, conversation[parent] == nil { interrupted.parent = conversation.head }
        return !(reply.content.isEmpty && reply.reasoning == nil) && conversation.append(interrupted)
    }
}
