import Chat
import Foundation
import JSON
import Replies
import Sessions
import Testing

/// Files that an earlier version wrote are read completely and written back unchanged.
@Suite struct FixtureTests {
    private let folder: TemporaryFolder
    private var home: SottoHome {
        SottoHome(environment: ["SOTTO_HOME": folder.path], executable: "/usr/bin/sotto", workingFolder: "/")
    }
    private var store: SessionStore { SessionStore(folder: home.sessions) }

    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    private static let kyoto = "01M8G9RXWW0MHCR5AE7GTERF4Y"
    private static let lighthouse = "01M8G9SDXEHPHX61WACSMZKS1W"

    init() throws {
        folder = try TemporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.fixtures.path) {
            try FileManager.default.copyItem(
                at: Self.fixtures.appending(path: name), to: URL(filePath: "\(folder.path)/\(name)"))
        }
    }

    private func original(_ name: String) throws -> String {
        try String(contentsOf: Self.fixtures.appending(path: name), encoding: .utf8)
    }

    @Test(arguments: [kyoto, lighthouse]) func sessionIsWrittenBackUnchanged(name: String) throws {
        let record = try store.read(SessionID(parsing: name))
        #expect(JSONWriter.pretty(record.json) == (try original("sessions/\(name).json")))
        #expect(record.unknownFields == nil)
        #expect(record.conversation.messages.allSatisfy { $0.unknownFields == nil })
    }

    @Test func sessionIsReadCompletely() throws {
        let record = try store.read(SessionID(parsing: Self.kyoto))
        #expect(record.title == "A day in Kyoto" && record.system == "You are a helpful guide.")
        #expect(record.settings.sampling.temperature == 0.4 && record.settings.sampling.seed == 42)
        #expect(record.conversation.messages.count == 6 && record.conversation.path.last?.id.rawValue == "m6")
        #expect(record.conversation.siblings(of: Message.ID(rawValue: "m4")).count == 2)
        let question = try #require(record.conversation[Message.ID(rawValue: "m3")])
        #expect(
            question.attachments == [
                Attachment(name: "notes.txt", content: "note about lighthouses\nsecond line\n", tokens: 19)
            ])
        let reply = try #require(record.conversation[Message.ID(rawValue: "m4")])
        #expect(reply.origin?.model.name == "SmolLM2-135M-Instruct.Q4_1" && reply.origin?.seed == 42)
        #expect(reply.origin?.stats?.generatedTokens == 40 && reply.origin?.stats?.acceptedTokens == 3)
        #expect(reply.origin?.stats?.stop == .tokenLimit)
    }

    @Test func listsAreComplete() {
        let list = store.list()
        #expect(Set(list.map(\.id.text)) == [Self.kyoto, Self.lighthouse] && list.allSatisfy { $0.problem == nil })
        #expect(list.map(\.messageCount).sorted() == [2, 6])
    }

    /// The reply was being written when the program was killed.
    @Test func journalIsMerged() throws {
        let journal = try original("sessions/\(Self.kyoto).journal")
        let text = String(journal[journal.index(after: try #require(journal.firstIndex(of: "\n")))...])
        let session = try store.open(SessionID(parsing: Self.kyoto))
        #expect(session.access == .writable)
        #expect(session.notices == [.interruptedReply(characters: text.count)])
        let reply = try #require(session.record.conversation.path.last)
        #expect(reply.id.rawValue == "m7" && reply.content == text && reply.parent?.rawValue == "m6")
        #expect(reply.origin?.stats == ReplyStats(stop: .interrupted))
        #expect(try store.read(session.id).conversation == session.record.conversation)
        #expect(try !folder.names(in: "sessions").contains("\(Self.kyoto).journal"))
    }

    @Test(arguments: [(kyoto, "typed meanwhile"), (lighthouse, "and a draft")])
    func draftIsReadAndWrittenBackUnchanged(name: String, text: String) throws {
        let drafts = DraftStore(folder: home.sessions)
        let id = try SessionID(parsing: name)
        let draft = try #require(drafts.load(id))
        #expect(draft == Draft(page: Draft.Page(text: text, line: 0, column: text.count)))
        try drafts.save(draft, for: id)
        #expect(try folder.text("sessions/\(name).draft") == original("sessions/\(name).draft"))
    }

    @Test func presetIsReadAndWrittenBackUnchanged() throws {
        let presets = PresetStore(folder: home.presets, shippedFolder: nil)
        let preset = try presets.load("Kyoto")
        #expect(preset.system == "You are a helpful guide." && preset.settings.maxTokens == 40)
        #expect(presets.list().presets == [preset])
        try presets.save(preset)
        #expect(try folder.text("sessions/presets/kyoto.preset.json") == original("sessions/presets/kyoto.preset.json"))
    }

    @Test func preferencesAreReadAndWrittenBackUnchanged() throws {
        let preferences = Preferences.load(from: home)
        #expect(preferences.model == "SmolLM2-135M-Instruct.Q4_1" && preferences.theme == "nord")
        #expect(preferences.session == Self.kyoto && preferences.mouse == false)
        #expect(try Preferences.update(in: home) { $0.theme = "dark" } == nil)
        #expect(try Preferences.update(in: home) { $0.theme = "nord" } == nil)
        let texts = [try folder.text("preferences.json"), try original("preferences.json")]
        #expect(try JSONReader.read(Array(texts[0].utf8)) == JSONReader.read(Array(texts[1].utf8)))
        #expect(try folder.mode("preferences.json") == 0o600)
    }

    @Test func speedsAreReadAndWrittenBackUnchanged() throws {
        let file = SpeedFile(home)
        let speeds = file.load()
        #expect(speeds[ModelReference(provider: "local", name: "SmolLM2-135M-Instruct.Q4_1")] == 54.329506849638136)
        file.save(speeds)
        #expect(try folder.text("cache/speeds.json") == original("cache/speeds.json"))
    }

    @Test func historyIsReadAndAppended() throws {
        let history = HistoryFile(home)
        let entries = history.load()
        #expect(entries.count == 21 && entries.contains("What is a good first day in Kyoto?"))
        try history.add("two\nlines/\"quoted\"")
        #expect(try folder.text("history.jsonl").hasPrefix(original("history.jsonl")))
        #expect(history.load() == entries + ["two\nlines/\"quoted\""])
    }

    /// Fields that a newer version might add, at every level, are kept when a session and a preset change.
    @Test func unknownFieldsAreKept() throws {
        func addField(to name: String) throws -> Int {
            let text = try folder.text(name)
            let changed = text.replacingOccurrences(
                of: "\"stop\":", with: "\"later\": [1.50, {\"x\": 1e400}], \"stop\":"
            )
            .replacingOccurrences(of: "\"format\":", with: "\"newer\": \"kept\", \"format\":")
            try folder.write(changed, to: name)
            return changed.components(separatedBy: "1.50").count - 1
        }
        let count = try addField(to: "sessions/\(Self.lighthouse).json")
        let session = try store.open(SessionID(parsing: Self.lighthouse))
        #expect(session.notices.isEmpty)
        var record = session.record
        record.title = "Renamed"
        record.settings.stop = ["END"]
        record.conversation.append(
            Message(
                id: record.conversation.nextID(), parent: record.conversation.head, role: .user, created: noon,
                content: "Go on."))
        try session.save(record)
        let text = try folder.text("sessions/\(Self.lighthouse).json")
        #expect(count == 3 && text.components(separatedBy: "1.50").count - 1 == count && text.contains("\"kept\""))
        #expect(text.contains("Renamed") && text.contains("Go on."))

        #expect(try addField(to: "sessions/presets/kyoto.preset.json") == 1)
        let presets = PresetStore(folder: home.presets, shippedFolder: nil)
        var preset = try presets.load("kyoto")
        try presets.remove("kyoto")
        preset.summary = "changed"
        try presets.save(preset)
        let saved = try folder.text("sessions/presets/kyoto.preset.json")
        #expect(saved.contains("1.50") && saved.contains("\"kept\"") && saved.contains("changed"))
    }
}
