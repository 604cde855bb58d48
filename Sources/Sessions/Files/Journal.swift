import Chat
import Foundation
import JSON
import Synchronization

/// The text of a reply on its way to disk while it streams, so that a crash loses none of it.
///
/// The first line is the message as JSON, without its text but with what was thought before it; everything after it is
/// the text as it came.
final class Journal: Sendable {
    private let path: String
    private let descriptor: Int32
    private let lastFlush = Mutex(ContinuousClock.now)

    private static let format = "sotto.journal"
    private static let flushInterval = Duration.seconds(1)

    /// Starts the journal of a reply; one left over is replaced.
    init(path: String, message: Message) throws(SessionError) {
        var fields = message.json()
        fields["format"] = .string(Self.format)
        fields["version"] = .integer(SessionDocument.version)
        fields["content"] = nil
        let text = JSONWriter.compact(.object(fields)) + "\n" + message.content
        try FileAccess.replace(path, with: Array(text.utf8))
        descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: SessionError.reason(errno)) }
        self.path = path
    }

    /// Adds text. What the system has been given survives the end of this program; about once a second it is forced to
    /// disk, to survive the end of the machine too.
    func append(_ text: String) throws(SessionError) {
        if let failure = FileAccess.write(Array(text.utf8), to: descriptor) {
            throw .cannotWrite(path: path, reason: SessionError.reason(failure))
        }
        let isDue = lastFlush.withLock { last in
            guard last.duration(to: .now) >= Self.flushInterval else { return false }
            last = .now
            return true
        }
        guard isDue else { return }
        guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, reason: SessionError.reason(errno)) }
    }

    deinit { close(descriptor) }

    /// The interrupted reply that a journal holds, with the statistics it had when the journal began; nil where the
    /// file is no journal.
    static func read(_ path: String) throws(SessionError) -> Message? {
        let bytes = try FileAccess.read(path)
        let header = bytes.prefix { $0 != UInt8(ascii: "\n") }
        guard var fields = (try? JSONReader.read(Array(header)))?.object, fields["format"]?.string == format else {
            return nil
        }
        fields["content"] = .string("")
        var reader = FieldReader(fields)
        var message = Message(&reader, fallbackID: Message.ID(rawValue: "reply"), previous: nil)
        message.content = text(bytes.dropFirst(header.count + 1))
        return message
    }

    /// The bytes as text, without a last character of which a part is missing.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        for dropped in 0..<4 {
            if let text = String(validating: bytes.dropLast(dropped), as: UTF8.self) { return text }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension SessionDocument {
    /// Takes in a reply whose session was not saved, as an interrupted one. Returns whether that changed anything: not
    /// where the reply was saved after its journal began, which its statistics tell.
    mutating func merge(_ reply: Message) -> Bool {
        var interrupted = reply
        interrupted.origin?.stats = ReplyStats(
            promptTokens: 0, cachedTokens: 0, generatedTokens: 0, firstTokenSeconds: 0, tokensPerSecond: 0,
            stop: .interrupted)
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
