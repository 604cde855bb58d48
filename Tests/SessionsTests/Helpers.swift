import Chat
import Foundation
import Sessions

/// A folder of its own for one test, gone when the test is over.
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
    func names(in place: String = ".") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(place)").sorted()
    }
    func mode(_ name: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? NSNumber)?.intValue
    }
}

/// The checkout that the tests belong to.
let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

let noon = Date(timeIntervalSince1970: 1_795_356_131)

func message(_ id: String, _ parent: String?, _ role: Message.Role, _ content: String) -> Message {
    Message(
        id: Message.ID(rawValue: id), parent: parent.map { Message.ID(rawValue: $0) }, role: role, created: noon,
        content: content)
}

/// A session with two branches, a finished reply, and texts of every kind.
func sample(_ id: String = "sample") -> SessionDocument {
    var document = SessionDocument(id: SessionID(id) ?? .new(), title: "A day in Kyoto", created: noon)
    document.model = ModelReference(provider: "local", name: "SmolLM2", fingerprint: "sha256:00ff")
    document.system = "Be kind."
    document.settings.sampling.temperature = 0.7
    document.settings.sampling.logitBias = [7: -.infinity, 9: 1.25]
    document.settings.sampling.seed = .max
    document.settings.stop = ["\n\n", "###"]
    document.conversation.append(
        message("m1", nil, .user, "What is a good first day?\n\"京都\" \u{1b}[31m \u{9b}2J \\ 👩‍👩‍👧"))
    var reply = message("m2", "m1", .assistant, "Start early.")
    reply.reasoning = "They like temples."
    reply.origin = Message.Origin(
        model: ModelReference(provider: "local", name: "SmolLM2"), settings: document.settings, seed: 1234,
        stats: ReplyStats(
            promptTokens: 31, cachedTokens: 0, generatedTokens: 188, firstTokenSeconds: 0.09, tokensPerSecond: 214,
            draftedTokens: 40, acceptedTokens: 31, stop: .endOfTurn))
    document.conversation.append(reply)
    document.conversation.append(message("m3", "m1", .assistant, "Sleep in."))
    document.conversation.append(message("m4", "m3", .user, "And then?"))
    return document
}
