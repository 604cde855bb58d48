import Chat
import Foundation
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

    /// What is on disk when the program is killed while it streams: the files of a session that is open, copied.
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

    @Test func anInterruptedReplyIsMerged() throws {
        let id = try crash(saving: ["Start ", "with tea\n", "at the 京都"])
        let session = try store.open(id)
        #expect(session.notices == [.interruptedReply(characters: 24)])
        let last = try #require(session.document.conversation.path.last)
        #expect(last.content == "Start with tea\nat the 京都" && last.parent?.rawValue == "m4")
        #expect(last.origin?.stats?.stop == .interrupted && last.origin?.seed == 99)
        #expect(last.origin?.model.name == "SmolLM2")
        // It is saved, and the journal gone.
        #expect(try store.read(id).conversation == session.document.conversation)
        #expect(try !folder.names().contains("dead.journal"))
        session.close()
        #expect(try store.open(id).notices.isEmpty)
    }

    @Test(arguments: 1...5)
    func halfACharacterIsLeftOut(cut: Int) throws {
        let session = try store.open(try crash(saving: ["Kyoto 京都"], cutting: cut))
        let text = try #require(session.document.conversation.path.last?.content)
        #expect("Kyoto 京都".hasPrefix(text) && text.hasPrefix("Kyoto ") && !text.contains("\u{fffd}"))
    }

    /// Killed while the model was still thinking, or after it began to answer.
    @Test(arguments: ["", "So."])
    func thoughtsAreMergedToo(text: String) throws {
        var thinking = reply()
        thinking.reasoning = "Tea first"
        let session = try store.create(sample("live"))
        try session.beginJournal(thinking)
        try session.appendToJournal(text)
        let id = try #require(SessionID("dead"))
        for kind in ["json", "journal"] {
            try folder.write(try Data(contentsOf: URL(filePath: "\(folder.path)/live.\(kind)")), to: "dead.\(kind)")
        }
        let last = try #require(try store.open(id).document.conversation.path.last)
        #expect(last.reasoning == "Tea first" && last.content == text)
        #expect(last.origin?.stats?.stop == .interrupted)
    }

    @Test func aJournalWithoutTextChangesNothing() throws {
        let session = try store.open(try crash(saving: []))
        #expect(session.notices.isEmpty && session.document.conversation == sample().conversation)
        #expect(try !folder.names().contains("dead.journal"))
    }

    @Test func aJournalIsCutAnywhereWithoutHarm() throws {
        let id = try crash(saving: ["Some words"])
        let whole = try Data(contentsOf: URL(filePath: "\(folder.path)/dead.journal"))
        let session = try Data(contentsOf: URL(filePath: "\(folder.path)/dead.json"))
        for cut in stride(from: 0, through: whole.count, by: 11) {
            try folder.write(session, to: "dead.json")
            try folder.write(whole.prefix(cut), to: "dead.journal")
            let opened = try store.open(id)
            #expect(opened.access == .writable && opened.document.conversation.messages.count >= 4)
        }
    }

    @Test func aReplyThatWasSavedIsNotMergedAgain() throws {
        let session = try store.create(sample("live"))
        try session.beginJournal(reply())
        try session.appendToJournal("Start with tea")
        var document = session.document
        var done = reply()
        done.content = "Start with tea"
        done.origin?.stats = ReplyStats(
            promptTokens: 1, cachedTokens: 0, generatedTokens: 3, firstTokenSeconds: 0.1, tokensPerSecond: 9,
            stop: .endOfTurn)
        document.conversation.append(done)
        try session.save(document)
        // Killed between saving and removing the journal.
        let journal = try Data(contentsOf: URL(filePath: "\(folder.path)/live.journal"))
        session.endJournal()
        session.close()
        #expect(try !folder.names().contains("live.journal"))
        try folder.write(journal, to: "live.journal")
        let again = try store.open(session.id)
        #expect(again.notices.isEmpty && again.document.conversation == document.conversation)
    }

    @Test func aReplyThatWasBeingContinuedIsMergedToo() throws {
        var stopped = reply()
        stopped.content = "Start"
        stopped.origin?.stats = ReplyStats(
            promptTokens: 1, cachedTokens: 0, generatedTokens: 1, firstTokenSeconds: 0.25, tokensPerSecond: 1e-7,
            stop: .cancelled)
        var document = sample("live")
        document.conversation.append(stopped)
        let session = try store.create(document)
        try session.beginJournal(stopped)
        try session.appendToJournal(" with tea")
        for kind in ["json", "journal"] {
            try folder.write(try Data(contentsOf: URL(filePath: "\(folder.path)/live.\(kind)")), to: "dead.\(kind)")
        }
        let merged = try store.open(try #require(SessionID("dead"))).document.conversation
        #expect(merged.messages.count == 5 && merged.path.last?.content == "Start with tea")
        #expect(merged.path.last?.origin?.stats?.stop == .interrupted)
    }

    @Test func anUnreadableJournalIsKeptAside() throws {
        try store.create(sample("live")).close()
        try folder.write("not a journal", to: "live.journal")
        let session = try store.open(try #require(SessionID("live")))
        guard case .unreadableJournal(let path)? = session.notices.first else {
            Issue.record("no notice of the journal")
            return
        }
        #expect(try String(contentsOf: URL(filePath: path), encoding: .utf8) == "not a journal")
    }

    @Test func theSecondProgramLeavesTheJournalAlone() throws {
        let session = try store.create(sample("live"))
        try session.beginJournal(reply())
        try session.appendToJournal("Start")
        #expect(try store.open(session.id).document.conversation == sample().conversation)
        #expect(try folder.names().contains("live.journal"))
        #expect(try folder.mode("live.journal") == 0o600)
    }
}
