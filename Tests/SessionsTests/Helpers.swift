import Chat
import Foundation
import Replies
import Sessions

/// A temporary folder for one test, removed after it.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "sotto-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        chmod(path, 0o700)
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
    }
    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(path)/\(name)")), as: UTF8.self)
    }
    func names(in folder: String = ".") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
    }
    func mode(_ name: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? NSNumber)?.intValue
    }
}

/// No process has such a number.
let nobody = Int32.max

/// The checkout that the tests belong to.
let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

let noon = Date(timeIntervalSince1970: 1_795_356_131)

func message(_ id: String, _ parent: String?, _ role: Message.Role, _ content: String) -> Message {
    Message(
        id: Message.ID(rawValue: id), parent: parent.map { Message.ID(rawValue: $0) }, role: role, created: noon,
        content: content)
}

/// A session with two branches, a finished reply, and all kinds of text.
func sample(_ id: String = "sample") -> SessionRecord {
    var record = SessionRecord(id: id, title: "A day in Kyoto", created: noon)
    record.model = ModelReference(provider: "local", name: "SmolLM2", fingerprint: "sha256:00ff")
    record.system = "Be kind."
    record.settings.sampling.temperature = 0.7
    record.settings.sampling.logitBias = [7: -.infinity, 9: 1.25]
    record.settings.sampling.seed = .max
    record.settings.stop = ["\n\n", "###"]
    record.conversation.append(
        message("m1", nil, .user, "What is a good first day?\n\"京都\" \u{1b}[31m \u{9b}2J \\ 👩‍👩‍👧"))
    var reply = message("m2", "m1", .assistant, "Start early.")
    reply.reasoning = "They like temples."
    reply.origin = Message.Origin(
        model: ModelReference(provider: "local", name: "SmolLM2"), settings: record.settings, seed: 1234,
        stats: ReplyStats(
            promptTokens: 31, cachedTokens: 0, generatedTokens: 188, firstTokenSeconds: 0.09, tokensPerSecond: 214,
            draftedTokens: 40, acceptedTokens: 31, stop: .endOfTurn))
    record.conversation.append(reply)
    record.conversation.append(message("m3", "m1", .assistant, "Sleep in."))
    record.conversation.append(message("m4", "m3", .user, "And then?"))
    return record
}
