import Chat
import Foundation
import Replies
import Sessions
import Testing

@Suite struct JournalTests {
    let folder: TemporaryFolder
    let store: SessionStore

    init() throws {
        folder = try TemporaryFolder()
        store = SessionStore(folder: folder.path)
    }

    private func reply() -> Message {
        var reply = message("m5", "m4", .assistant, "")
        reply.origin = Message.Origin(
            model: ModelReference(provider: "local", name: "SmolLM2"), settings: GenerationSettings(), seed: 99)
        return reply
    }

    /// The files of an open session, copied: what is on disk when the program is killed while a reply streams.
    private func crash(saving text: [String], cutting bytes: Int = 0) throws -> SessionID {
        let session = try store.create(sample("live"))
        try session.beginJournal(reply())
        for piece in text { try session.appendToJournal(piece) }
        let id = try #require(SessionID("dead"))
        try folder.write(try Data(contentsOf: URL(filePath: "\(folder.path)/live.json")), to: "dead.json")
        let journal = try Data(contentsOf: URL(filePath: "\(folder.path)/live.journal"))
        try folder.write(journal.dropLast(bytes), to: "dead.journal")
        return id
    }

    @Test func interruptedReplyIsMerged() throws {
        let id = try crash(saving: ["Start ", "with tea\n", "at the 京都"])
        let session = try store.open(id)
        #expect(session.notices == [.interruptedReply(characters: 24)])
        let last = try #require(session.record.conversation.path.last)
        #expect(last.content == "Start with tea\nat the 京都" && last.parent?.rawValue == "m4")
        #expect(last.origin?.stats?.stop == .interrupted && last.origin?.seed == 99)
        #expect(last.origin?.model.name == "SmolLM2")
        // It is saved, and the journal is removed.
        #expect(try store.read(id).conversation == session.record.conversation)
        #expect(try !folder.names().contains("dead.journal"))
        session.close()
        #expect(try store.open(id).notices.isEmpty)
    }

    /// Another session may be opened next, such as when the preferences could not be saved before the crash.
    @Test func repliesOfOtherSessionsAreMerged() throws {
        let id = try crash(saving: ["Start with tea"])
        let running = try store.create(sample("running"))
        try running.beginJournal(reply())
        store.mergeInterruptedReplies()
        #expect(try !folder.names().contains("dead.journal"))
        #expect(try store.read(id).conversation.path.last?.content == "Start with tea")
        #expect(try folder.names().contains("running.journal"))
        running.close()
    }

    @Test(arguments: 1...5)
    func incompleteCharacterIsDropped(cut: Int) throws {
        let session = try store.open(try crash(saving: ["Kyoto 京都"], cutting: cut))
        let text = try #require(session.record.conversation.path.last?.content)
        #expect("Kyoto 京都".hasPrefix(text) && text.hasPrefix("Kyoto ") && !text.contains("\u{fffd}"))
    }

    /// Killed while the model was reasoning, or after it began to answer.
    @Test(arguments: ["", "So."])
    func reasoningIsMerged(text: String) throws {
        var reasoning = reply()
        reasoning.reasoning = "Tea first"
        let session = try store.create(sample("live"))
        try session.beginJournal(reasoning)
        try session.appendToJournal(text)
        let id = try #require(SessionID("dead"))
        for kind in ["json", "journal"] {
            try folder.write(try Data(contentsOf: URL(filePath: "\(folder.path)/live.\(kind)")), to: "dead.\(kind)")
        }
        let last = try #require(try store.open(id).record.conversation.path.last)
        #expect(last.reasoning == "Tea first" && last.content == text)
        #expect(last.origin?.stats?.stop == .interrupted)
    }

    @Test func emptyJournalChangesNothing() throws {
        let session = try store.open(try crash(saving: []))
        #expect(session.notices.isEmpty && session.record.conversation == sample().conversation)
        #expect(try !folder.names().contains("dead.journal"))
    }

    @Test func truncatedJournalDoesNoHarm() throws {
        let id = try crash(saving: ["Some words"])
        let whole = try Data(contentsOf: URL(filePath: "\(folder.path)/dead.journal"))
        let session = try Data(contentsOf: URL(filePath: "\(folder.path)/dead.json"))
        for cut in stride(from: 0, through: whole.count, by: 11) {
            try folder.write(session, to: "dead.json")
            try folder.write(whole.prefix(cut), to: "dead.journal")
            let opened = try store.open(id)
            #expect(opened.access == .writable && opened.record.conversation.messages.count >= 4)
        }
    }

    @Test func savedReplyIsNotMergedAgain() throws {
        let session = try store.create(sample("live"))
        try session.beginJournal(reply())
        try session.appendToJournal("Start with tea")
        var record = session.record
        var done = reply()
        done.content = "Start with tea"
        done.origin?.stats = ReplyStats(
            promptTokens: 1, cachedTokens: 0, generatedTokens: 3, firstTokenSeconds: 0.1, tokensPerSecond: 9,
            stop: .endOfTurn)
        record.conversation.append(done)
        try session.save(record)
        // Killed after the reply was saved and before the journal was removed.
        let journal = try Data(contentsOf: URL(filePath: "\(folder.path)/live.journal"))
        session.endJournal()
        session.close()
        #expect(try !folder.names().contains("live.journal"))
        try folder.write(journal, to: "live.journal")
        let again = try store.open(session.id)
        #expect(again.notices.isEmpty && again.record.conversation == record.conversation)
    }

    @Test func continuedReplyIsMerged() throws {
        var stopped = reply()
        stopped.content = "Start"
        stopped.origin?.stats = ReplyStats(
            promptTokens: 1, cachedTokens: 0, generatedTokens: 1, firstTokenSeconds: 0.25, tokensPerSecond: 1e-7,
            stop: .cancelled)
        var record = sample("live")
        record.conversation.append(stopped)
        let session = try store.create(record)
        try session.beginJournal(stopped)
        try session.appendToJournal(" with tea")
        for kind in ["json", "journal"] {
            try folder.write(try Data(contentsOf: URL(filePath: "\(folder.path)/live.\(kind)")), to: "dead.\(kind)")
        }
        let merged = try store.open(try #require(SessionID("dead"))).record.conversation
        #expect(merged.messages.count == 5 && merged.path.last?.content == "Start with tea")
        #expect(merged.path.last?.origin?.stats?.stop == .interrupted)
    }

    @Test func unreadableJournalIsKept() throws {
        try store.create(sample("live")).close()
        try folder.write("not a journal", to: "live.journal")
        let session = try store.open(try #require(SessionID("live")))
        guard case .unreadableJournal(let path)? = session.notices.first else {
            Issue.record("no notice about the journal")
            return
        }
        #expect(try String(contentsOf: URL(filePath: path), encoding: .utf8) == "not a journal")
    }

    @Test func secondProgramDoesNotTouchTheJournal() throws {
        let session = try store.create(sample("live"))
        try session.beginJournal(reply())
        try session.appendToJournal("Start")
        #expect(try store.open(session.id).record.conversation == sample().conversation)
        #expect(try folder.names().contains("live.journal"))
        #expect(try folder.mode("live.journal") == 0o600)
    }
}
