import Chat
import ChatApp
import TUI
import Testing

/// Alternatives: created, shown, deleted and restored.
@Suite struct BranchTests {
    @Test func anEditedMessageStartsABranchAndTheDraftReturns() {
        var scene = Scene()
        scene.talk("What is in Kyoto?", "Temples")
        scene.talk("And in Nara?", "Deer")
        scene.type("a draft")
        scene.press(.alt(.up), .up, .up, .up, "e")
        #expect(scene.state.composer.input.text == "What is in Kyoto?")
        #expect(scene.shows("editing message 1 · Esc cancel"))
        scene.press(.control("u"))
        let effects = scene.enter("What is in Osaka?")
        #expect(effects.started?.messages.map(\.content) == ["What is in Osaka?"])
        #expect(effects.saved?.conversation.messages.count == 5)
        #expect(scene.state.composer.input.text == "a draft")
        scene.stream("Castles")
        scene.finish()
        #expect(scene.path.map(\.content) == ["What is in Osaka?", "Castles"])
        #expect(scene.shows("‹ 2/2 ›"))
        scene.press(.alt(.up), .up, .left)
        #expect(scene.path.map(\.content) == ["What is in Kyoto?", "Temples", "And in Nara?", "Deer"])
        #expect(scene.selectedText == "What is in Kyoto?")
        scene.press(.right)
        #expect(scene.path.map(\.content) == ["What is in Osaka?", "Castles"])
        scene.press(.right)
        #expect(scene.path.count == 4)
    }

    @Test func escapeCancelsAnEditAndKeepsBothTexts() {
        var scene = Scene()
        scene.talk("Hi", "Hello")
        scene.type("draft")
        scene.press(.alt(.up), .up, "e")
        scene.type(" there")
        scene.press(.escape)
        #expect(scene.state.composer.input.text == "draft")
        #expect(!scene.shows("editing"))
        scene.press(.up)
        #expect(scene.state.composer.input.text == "Hi there")
        scene.press(.alt(.up), .up, "e", .enter)
        #expect(scene.notice.contains("no new branch"))
        #expect(scene.state.session.record.conversation.messages.count == 2)
    }

    @Test func anEditedReplyStaysAsTheUserWroteIt() {
        var scene = Scene()
        scene.talk("Hi", "Hello")
        scene.press(.alt(.up), "e")
        let effects = scene.enter("!")
        #expect(effects.started == nil)
        #expect(effects.saved?.conversation.path.map(\.content) == ["Hi", "Hello!"])
        #expect(scene.path.last?.role == .assistant)
        #expect(scene.path.last?.origin == nil)
        #expect(scene.shows("‹ 2/2 ›"))
    }

    @Test func editTakesTheLastQuestionOrANumber() {
        var scene = Scene()
        scene.talk("One", "Two")
        scene.talk("Three", "Four")
        scene.enter("/edit")
        #expect(scene.state.composer.input.text == "Three")
        scene.press(.escape)
        scene.enter("/edit 2")
        #expect(scene.state.composer.input.text == "Two")
        scene.press(.escape)
        scene.enter("/edit 9")
        #expect(scene.notice == "There is no message \"9\". Choose a number from 1 to 4")
    }

    @Test func anyReplyCanBeRegenerated() {
        var scene = Scene()
        scene.talk("One", "Two")
        scene.talk("Three", "Four")
        scene.press(.alt(.up), .up, .up)
        let effects = scene.press("r")
        #expect(effects.started?.messages.map(\.content) == ["One"])
        scene.stream("Zwei")
        scene.finish()
        #expect(scene.path.map(\.content) == ["One", "Zwei"])
        scene.press(.alt(.up), .left)
        #expect(scene.path.map(\.content) == ["One", "Two", "Three", "Four"])
    }

    @Test func anotherBranchCanBeReadWhileAReplyStreams() {
        var scene = Scene()
        scene.talk("One", "Two")
        scene.enter("/regen")
        scene.press(.alt(.up))
        scene.stream("Zwei")
        scene.press(.down, .left)
        #expect(scene.path.last?.content == "Two")
        scene.stream(" drei")
        #expect(scene.path.last?.content == "Two")
        scene.finish()
        #expect(scene.path.last?.content == "Two")
        scene.press(.right)
        #expect(scene.path.last?.content == "Zwei drei")
    }

    @Test func deletedMessagesCanBeRestored() {
        var scene = Scene()
        scene.talk("One", "Two")
        scene.talk("Three", "Four")
        let before = scene.state.session.record.conversation
        scene.press(.alt(.up), .up)
        let effects = scene.press("d")
        #expect(effects.saved?.conversation.path.map(\.content) == ["One", "Two"])
        #expect(scene.notice.hasPrefix("Deleted 2 messages"))
        #expect(scene.selectedText == "Two")
        scene.press("d", "u")
        #expect(scene.press("u").saved?.conversation == before)
        #expect(scene.selectedText == "Three")
        #expect(scene.press("u").isEmpty)
        scene.press(.escape)
        scene.enter("/undo")
        #expect(scene.notice == "Nothing to undo")
    }

    @Test func aCutOffReplyIsContinuedInPlace() throws {
        var scene = Scene()
        scene.enter("Count")
        scene.stream("one two")
        scene.finish(.tokenLimit, tokens: 2)
        #expect(scene.notice.contains("/continue to go on"))
        #expect(scene.enter("/continue").started?.messages.map(\.content) == ["Count", "one two"])
        scene.stream(" three")
        guard case .journal("s1", let written)? = scene.effects.last else {
            Issue.record("no journal")
            return
        }
        #expect(written.content == "one two three")
        let saved = try #require(scene.finish(tokens: 1).saved)
        #expect(saved.conversation.messages.map(\.content) == ["Count", "one two three"])
        let origin = try #require(saved.conversation.messages.last?.origin)
        #expect(origin.stats?.generatedTokens == 3)
        #expect(origin.stats?.stop == .endOfTurn)
        #expect(origin.seed == nil)
        #expect(!scene.shows("token limit"))
    }

    @Test func aContinuationThatAddsNothingChangesNothing() {
        var scene = Scene()
        scene.talk("Count", "one")
        let before = scene.state.session.record.conversation
        scene.enter("/continue")
        scene.press(.escape)
        scene.finish(.cancelled, tokens: 0)
        #expect(scene.state.session.record.conversation == before)
        scene.enter("/continue")
        scene.finish(tokens: 0)
        #expect(scene.state.session.record.conversation == before)
        #expect(scene.notice == "The model has nothing to add")
        scene.enter("/continue")
        scene.send(.replyFailed(ReplyID(number: 4), "the model is gone"))
        #expect(scene.state.session.record.conversation == before)
    }

    @Test func aReplyWrittenByTheUserCanBeContinued() {
        var scene = Scene()
        scene.talk("Count", "one")
        scene.press(.alt(.up), "e")
        scene.enter(" two")
        scene.enter("/continue")
        scene.stream(" three")
        scene.enter("/bye")
        #expect(scene.path.last?.content == "one two three")
        #expect(scene.path.last?.origin?.model == Scene.smol)
        #expect(scene.path.last?.origin?.stats?.stop == .cancelled)
    }

    @Test func anEmptiedSessionIsSavedAndCanBeRestored() {
        var scene = Scene()
        scene.talk("One", "Two")
        scene.press(.alt(.up), .up)
        #expect(scene.press("d").saved?.conversation.messages.isEmpty == true)
        #expect(scene.selectedText == nil)
        #expect(scene.enter("/undo").saved?.conversation.messages.count == 2)
        #expect(scene.path.map(\.content) == ["One", "Two"])
    }

    @Test func aRunningReplyIsNotDeleted() {
        var scene = Scene()
        scene.enter("One")
        scene.press(.alt(.up))
        #expect(scene.press("d").isEmpty)
        scene.stream("Two")
        #expect(scene.press("d").isEmpty)
        #expect(scene.path.count == 2)
    }

    @Test func aReadOnlySessionCannotBeChanged() {
        var scene = Scene()
        scene.talk("One", "Two")
        var session = scene.state.session.record
        session.readOnly = "another program has it open"
        scene.send(.sessionLoaded(session))
        for key: Key in ["e", "r", "d"] {
            #expect(scene.press(.alt(.up), key).isEmpty)
            #expect(scene.notice.contains("read-only"))
        }
        #expect(scene.state.session.record.conversation == session.conversation)
    }
}

extension [Effect] {
    var started: ReplyStart? { lazy.compactMap { if case .startReply(let start) = $0 { start } else { nil } }.first }
    var saved: SessionRecord? {
        lazy.compactMap { if case .saveSession(let session) = $0 { session } else { nil } }.last
    }
}
