@testable import ChatApp
import Chat
import Foundation
import TUI
import Testing

/// Tab: what a word could become.
@Suite struct CompletionTests {
    private func entries(_ scene: inout Scene, _ effects: [Effect], _ entries: FolderEntry...) {
        guard case .listFolder(let request)? = effects.last else {
            Issue.record("\(effects)")
            return
        }
        scene.send(.folderListed(request, entries))
    }

    @Test func showsTheCandidatesAndTheOneThatIsTaken() throws {
        var scene = Scene()
        scene.talk("Hello", "Hello! How can I help you today?")
        scene.type("/s")
        scene.press(.tab, .tab, .tab)
        try expectScreen(view(scene.state), "completion")
        for size in [Size(width: 40, height: 12), Size(width: 20, height: 6)] {
            scene.send(.resize(size))
            try expectScreen(view(scene.state), "completion-\(size.width)x\(size.height)")
        }
    }

    @Test func tabAndShiftTabGoRoundAndEscBringsBackWhatWasTyped() {
        var scene = Scene()
        scene.type("/set top")
        scene.press(.tab)
        #expect(scene.state.composer.input.text == "/set top_")
        scene.press(.tab)
        #expect(scene.state.composer.input.text == "/set top_k ")
        scene.press(.shift(.tab))
        #expect(scene.state.composer.input.text == "/set top_n_sigma ")
        scene.press(.tab)
        #expect(scene.state.composer.input.text == "/set top_k ")
        scene.press(.escape)
        #expect(scene.state.composer.input.text == "/set top_")
        #expect(scene.state.composer.completion == nil)
        scene.press(.tab, .tab, .control("_"))
        #expect(scene.state.composer.input.text == "/set top_")
    }

    @Test func aSettingsValuesAreOffered() {
        var scene = Scene()
        scene.enter("/set top_p 0.5")
        scene.type("/set top_p ")
        scene.press(.tab)
        #expect(scene.state.composer.completion?.candidates.map(\.label) == ["0.5", "0.95", "off"])
        scene.press(.tab, .tab)
        #expect(scene.state.composer.input.text == "/set top_p 0.95")
        scene.press(.enter)
        #expect(scene.state.session.record.settings.sampling.topP == 0.95)
    }

    @Test func pathsAreCompletedInAMessage() {
        var scene = Scene()
        scene.type("Read @no today")
        for _ in 0..<6 { scene.press(.left) }
        entries(
            &scene, scene.press(.tab), FolderEntry(name: "notes", isFolder: true),
            FolderEntry(name: "node.md", isFolder: false))
        #expect(scene.state.composer.completion?.candidates.map(\.label) == ["notes/", "node.md"])
        scene.press(.tab, .tab)
        #expect(scene.state.composer.input.text == "Read @node.md  today")
        // Enter takes it; the message is not whole yet.
        scene.press(.enter)
        #expect(scene.path.isEmpty)
        scene.press(.control("a"), .control("k"))
        scene.type("Read @notes/")
        entries(&scene, scene.press(.tab), FolderEntry(name: "a b.txt", isFolder: false, byteCount: 3))
        #expect(scene.state.composer.input.text == "Read @\"notes/a b.txt\" ")
    }

    @Test func pathsAreCompletedAfterACommand() {
        var scene = Scene()
        scene.type("/file src/ma")
        entries(&scene, scene.press(.tab), FolderEntry(name: "main.swift", isFolder: false, byteCount: 3))
        #expect(scene.state.composer.input.text == "/file src/main.swift")
        // An answer that comes late changes nothing.
        scene.press(.control("u"))
        scene.type("/file s")
        let effects = scene.press(.tab)
        scene.type("r")
        entries(&scene, effects, FolderEntry(name: "src", isFolder: true))
        #expect(scene.state.composer.input.text == "/file sr")
    }
}

/// Files that go with a message.
@Suite struct AttachmentTests {
    private let notes = Attachment(name: "notes.md", content: "# Notes\n", tokens: 24)

    private func request(_ path: String, isMention: Bool) -> FileRequest {
        FileRequest(path: path, isMention: isMention, model: Scene.smol, contextLength: 0)
    }

    @Test func aFileIsShownBeforeItIsSentAndGoesWithTheMessage() throws {
        var scene = Scene()
        #expect(scene.enter("/file notes.md") == [.readFile(request("notes.md", isMention: false))])
        for written in ["'my notes.md'", "\"my notes.md\"", "my\\ notes.md", "my notes.md"] {
            #expect(scene.enter("/file \(written)") == [.readFile(request("my notes.md", isMention: false))])
        }
        scene.send(.fileRead(request("notes.md", isMention: false), .text(notes)))
        let code = Attachment(
            name: "src/main.swift", content: String(repeating: "let a = 1\n", count: 300), tokens: 1502)
        scene.send(.fileRead(request("src/main.swift", isMention: false), .text(code)))
        scene.type("What do they say?")
        scene.wait(0.3)
        scene.send(.tick)
        scene.send(.draftCounted(number: 1, DraftCount(text: 5, conversation: 31, limit: 8192)))
        try expectScreen(view(scene.state), "attachments")
        scene.send(.resize(Size(width: 40, height: 12)))
        try expectScreen(view(scene.state), "attachments-40x12")
        scene.send(.resize(Size(width: 80, height: 24)))

        let effects = scene.press(.enter)
        #expect(scene.path.last?.attachments == [notes, code])
        #expect(scene.path.last?.content == "What do they say?")
        #expect(scene.state.composer.attachments.isEmpty)
        guard case .startReply(let start)? = effects.last else {
            Issue.record("\(effects)")
            return
        }
        #expect(start.messages.last?.promptText.hasPrefix("notes.md:\n```md\n# Notes\n```\n\nsrc/main.swift:") == true)
        scene.stream("They say little.")
        scene.finish()
        try expectScreen(view(scene.state), "attachments-sent")
    }

    @Test func aFileThatCannotBeReadIsRefusedInOneLine() {
        var scene = Scene()
        scene.send(.fileRead(request("a.png", isMention: false), .refused("a.png is not text")))
        #expect(scene.notice == "a.png is not text")
        #expect(scene.state.composer.attachments.isEmpty)
        scene.press(.escape)
        scene.enter("/detach")
        #expect(scene.notice == "No file is attached")
    }

    @Test func attachedFilesAreTakenAwayAgain() {
        var scene = Scene()
        for name in ["a.txt", "b.txt", "c.txt"] {
            scene.send(.fileRead(request(name, isMention: false), .text(Attachment(name: name, content: "x"))))
        }
        scene.press(.control("x"))
        scene.enter("/detach a")
        #expect(scene.state.composer.attachments.map(\.name) == ["b.txt"])
    }

    @Test func aPathInTheTextIsReadWhileOneWrites() {
        var scene = Scene()
        scene.type("Look at @notes.md")
        scene.wait(0.3)
        #expect(scene.send(.tick).isEmpty, "the word may not be whole yet")
        scene.type(" and at @alice")
        scene.wait(0.3)
        #expect(scene.send(.tick) == [.readFile(request("notes.md", isMention: true))])
        scene.send(.fileRead(request("notes.md", isMention: true), .text(notes)))
        #expect(scene.shows("▤ notes.md 8 B · 24 tok"))
        // What is not known yet is asked before the message goes.
        #expect(scene.press(.enter) == [.readFile(request("alice", isMention: true))])
        #expect(scene.path.isEmpty)
        scene.send(.fileRead(request("alice", isMention: true), .noFile("there is no file alice")))
        #expect(scene.notice.isEmpty)
        #expect(scene.path.last?.content == "Look at @notes.md and at @alice")
        #expect(scene.path.last?.attachments == [notes])
    }

    @Test(arguments: ["@src/none", "@none.md", "@\"my notes\""]) func aWordThatLooksLikeAPathAndNamesNoFileIsToldFirst(
        word: String
    ) {
        var scene = Scene()
        let path = word.filter { !"@\"".contains($0) }
        scene.type("See \(word) please")
        for isFirst in [true, false] {
            #expect(scene.press(.enter) == [.readFile(request(path, isMention: true))])
            scene.send(.fileRead(request(path, isMention: true), .noFile("there is no file \(path)")))
            #expect(scene.path.isEmpty == isFirst)
            if isFirst {
                #expect(scene.notice == "there is no file \(path); press Enter again to send it as plain text")
            }
        }
        #expect(scene.path.last?.content == "See \(word) please")
    }

    @Test func theLastWordIsReadWhenOnePauses() {
        var scene = Scene()
        scene.type("Look at @notes.md")
        scene.wait(0.3)
        #expect(scene.send(.tick).isEmpty)
        scene.wait(1)
        #expect(scene.send(.tick) == [.readFile(request("notes.md", isMention: true))])
        scene.send(.fileRead(request("notes.md", isMention: true), .text(notes)))
        #expect(scene.shows("▤ notes.md"))
        scene.press(.backspace)
        #expect(!scene.shows("▤"))
    }

    @Test func aFileThatIsNamedAndRefusedHoldsTheMessageBack() {
        var scene = Scene()
        scene.enter("What is in @big.bin?")
        scene.send(.fileRead(request("big.bin?", isMention: true), .refused("big.bin is not text (UTF-8)")))
        #expect(scene.notice == "big.bin is not text (UTF-8)")
        #expect(scene.path.isEmpty)
        #expect(scene.state.composer.input.text == "What is in @big.bin?")
    }

    @Test func mentionsAreWordsThatBeginWithAnAtSign() {
        let text = "me@home.org @a.txt (@b/c.txt) @\"d e.txt\" @@ @ @a.txt \"@open"
        #expect(Mention.paths(in: TextEditor(text).lines) == ["a.txt", "b/c.txt)", "d e.txt", "open"])
    }

    @Test func anEditedMessageKeepsItsFilesAndTheDraftItsOwn() {
        var scene = Scene()
        scene.send(.fileRead(request("notes.md", isMention: false), .text(notes)))
        scene.talk("First", "Answer")
        let other = Attachment(name: "b.txt", content: "x")
        scene.send(.fileRead(request("b.txt", isMention: false), .text(other)))
        scene.enter("/edit 1")
        #expect(scene.state.composer.attachments == [notes])
        scene.type("!")
        scene.press(.enter)
        #expect(scene.path.first?.content == "First!")
        #expect(scene.path.first?.attachments == [notes])
        #expect(scene.state.composer.attachments == [other])
    }
}

/// Nothing typed is lost.
@Suite struct DraftTests {
    private func saved(_ scene: Scene) -> [Draft?] {
        scene.keeping.compactMap { if case .saveDraft(_, let draft) = $0 { draft.map(\.draft) } else { nil } }
    }

    private func forgets(_ scene: Scene) -> Int {
        scene.keeping.count { if case .saveDraft(_, nil) = $0 { true } else { false } }
    }

    @Test func theDraftIsOnDiskASecondAfterItChanged() {
        var scene = Scene()
        scene.type("half a thought")
        scene.press(.left)
        #expect(saved(scene).isEmpty)
        #expect(scene.state.nextTick.map { $0.timeIntervalSince(scene.now) <= 1 } == true)
        scene.wait(1)
        scene.send(.tick)
        #expect(saved(scene) == [Draft(page: Draft.Page(text: "half a thought", line: 0, column: 13))])
        // Nothing has changed: nothing is written, and nothing wakes the program up.
        scene.send(.draftCounted(number: 1, nil))
        scene.wait(10)
        scene.send(.tick)
        #expect(saved(scene).count == 1)
        #expect(scene.state.nextTick == nil)
        scene.press(.enter)
        #expect(forgets(scene) == 1)
    }

    @Test func leavingWritesItAtOnce() {
        var scene = Scene()
        scene.type("unfinished")
        scene.send(.ending)
        #expect(saved(scene).map { $0?.page.text } == ["unfinished"])
    }

    @Test func aDraftComesBackWithItsCursorAndItsFiles() {
        var scene = Scene()
        let file = Attachment(name: "a.txt", content: "x", tokens: 1)
        let draft = Draft(page: Draft.Page(text: "one\ntwo", line: 0, column: 2, attachments: [file]))
        scene.send(.draftLoaded("another", draft))
        #expect(scene.state.composer.input.isEmpty)
        scene.send(.draftLoaded("s1", draft))
        scene.type("|")
        #expect(scene.state.composer.input.text == "on|e\ntwo")
        #expect(scene.state.composer.attachments == [file])
    }

    @Test func anEditAndTheDraftBehindItComeBack() {
        var scene = Scene()
        scene.talk("First", "Answer")
        scene.type("later")
        scene.press(.alt(.up), .alt(.up), "e")
        scene.type("!")
        scene.send(.ending)
        guard let draft = saved(scene).last ?? nil else {
            Issue.record("no draft")
            return
        }
        var next = Scene()
        next.state.session = scene.state.session
        next.send(.sessionLoaded(scene.state.session.record))
        next.send(.draftLoaded("s1", draft))
        #expect(next.state.composer.input.text == "First!")
        next.press(.escape)
        #expect(next.state.composer.input.text == "later")
    }

    @Test func anotherSessionHasItsOwnAndANewOneTakesItAlong() {
        var scene = Scene()
        scene.talk("Hello", "Hi")
        scene.type("for this one")
        var other = Scene()
        other.talk("Other", "Talk")
        var session = other.state.session.record
        session.id = "s2"
        scene.send(.sessionLoaded(session))
        #expect(scene.state.composer.input.isEmpty)
        #expect(saved(scene).last??.page.text == "for this one")
        scene.type("for a new one")
        scene.send(.sessionLoaded(SessionRecord(id: "s3", created: scene.now)))
        #expect(scene.state.composer.input.text == "for a new one")
    }

    /// Long sessions take their time to open.
    @Test func whatIsTypedUntilAnotherSessionOpensIsMeantForIt() {
        var scene = Scene()
        scene.talk("Hello", "Hi")
        var other = Scene()
        other.talk("Other", "Talk")
        var session = other.state.session.record
        session.id = "s2"
        let summary = SessionSummary(id: "s2", title: "Other", updated: scene.now, model: nil, messageCount: 2)
        scene.send(.sessionsListed([summary]))
        #expect(scene.enter("/resume other") == [.loadSession("s2")])
        scene.type("and then")
        scene.send(.sessionLoaded(session))
        #expect(scene.state.session.record.id == "s2" && scene.state.composer.input.text == "and then")
        // Not once it is there.
        session.id = "s3"
        scene.send(.sessionLoaded(session))
        #expect(scene.state.composer.input.isEmpty)
    }
}

/// What the draft takes of the context.
@Suite struct DraftCountTests {
    private func questions(_ scene: Scene) -> [DraftQuestion] {
        scene.keeping.compactMap { if case .countDraft(let question) = $0 { question } else { nil } }
    }

    @Test func isAskedWhenTheTextHasChangedAndOneAtATime() {
        var scene = Scene()
        scene.type("Hello")
        scene.wait(0.3)
        scene.send(.tick)
        #expect(questions(scene).map { $0.text.text } == ["Hello"])
        #expect(questions(scene).first?.conversation != nil)
        scene.type(" you")
        scene.wait(1)
        scene.send(.tick)
        #expect(questions(scene).count == 1)
        scene.send(.draftCounted(number: 1, DraftCount(text: 2, conversation: 30, limit: 100)))
        #expect(questions(scene).map { $0.text.text } == ["Hello", "Hello you"])
        // The conversation has been counted.
        #expect(questions(scene).last?.conversation == nil)
        #expect(scene.shows("draft 2 tok, 68 left"))
        scene.send(.draftCounted(number: 2, DraftCount(text: 80, conversation: nil, limit: 100)))
        #expect(scene.shows("draft 80 tok, 10 too many"))
        // Moving the cursor changes no text.
        scene.press(.left)
        scene.wait(1)
        scene.send(.tick)
        #expect(questions(scene).count == 2)
        // What is longer than the whole context stays in the input.
        scene.type("!")
        scene.wait(1)
        scene.send(.tick)
        scene.send(.draftCounted(number: 3, DraftCount(text: 101, conversation: nil, limit: 100)))
        #expect(scene.press(.enter).isEmpty)
        #expect(scene.notice.contains("101 tokens, the context holds 100"))
        #expect(scene.state.composer.input.text == "Hello yo!u")
    }

    @Test func commandsAreNotCounted() {
        var scene = Scene()
        scene.type("/set temperature 1")
        scene.wait(1)
        scene.send(.tick)
        #expect(questions(scene).isEmpty)
    }

    @Test func goesWhenTheDraftDoes() {
        var scene = Scene()
        scene.type("Hello")
        scene.wait(0.3)
        scene.send(.tick)
        scene.press(.enter)
        scene.send(.draftCounted(number: 1, DraftCount(text: 2, conversation: 30, limit: 100)))
        #expect(!scene.shows("draft"))
    }
}
