import Chat
import TUI
import Testing

@testable import ChatApp

/// Files that are sent with a message.
@Suite struct AttachmentTests {
    private let notes = Attachment(name: "notes.md", content: "# Notes\n", tokens: 24)

    private func request(_ path: String, isMention: Bool) -> FileRequest {
        FileRequest(path: path, isMention: isMention, model: Scene.smol, contextLength: 0)
    }

    @Test func attachedFilesAreShownAndSentWithTheMessage() throws {
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

    @Test func unreadableFilesAreRefusedInOneLine() {
        var scene = Scene()
        scene.send(.fileRead(request("a.png", isMention: false), .refused("a.png is not text")))
        #expect(scene.notice == "a.png is not text")
        #expect(scene.state.composer.attachments.isEmpty)
        scene.press(.escape)
        scene.enter("/detach")
        #expect(scene.notice == "No file is attached")
    }

    @Test func attachmentsCanBeRemoved() {
        var scene = Scene()
        for name in ["a.txt", "b.txt", "c.txt"] {
            scene.send(.fileRead(request(name, isMention: false), .text(Attachment(name: name, content: "x"))))
        }
        scene.press(.control("x"))
        scene.enter("/detach a")
        #expect(scene.state.composer.attachments.map(\.name) == ["b.txt"])
    }

    @Test func pathsInTheTextAreReadWhileTyping() {
        var scene = Scene()
        scene.type("Look at @notes.md")
        scene.wait(0.3)
        #expect(scene.send(.tick).isEmpty, "the word may not be whole yet")
        scene.type(" and at @alice")
        scene.wait(0.3)
        #expect(scene.send(.tick) == [.readFile(request("notes.md", isMention: true))])
        scene.send(.fileRead(request("notes.md", isMention: true), .text(notes)))
        #expect(scene.shows("▤ notes.md 8 B · 24 tok"))
        // Words not known yet are looked up before the message is sent.
        #expect(scene.press(.enter) == [.readFile(request("alice", isMention: true))])
        #expect(scene.path.isEmpty)
        scene.send(.fileRead(request("alice", isMention: true), .noFile("there is no file alice")))
        #expect(scene.notice.isEmpty)
        #expect(scene.path.last?.content == "Look at @notes.md and at @alice")
        #expect(scene.path.last?.attachments == [notes])
    }

    @Test(arguments: ["@src/none", "@none.md", "@\"my notes\""]) func aMissingFileIsReportedBeforeSending(
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

    @Test func theLastWordIsReadAfterAPause() {
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

    @Test func aRefusedFileKeepsTheMessageFromBeingSent() {
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

    @Test func anEditedMessageAndTheDraftKeepTheirOwnFiles() {
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
