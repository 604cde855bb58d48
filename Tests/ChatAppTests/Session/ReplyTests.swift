import Chat
import ChatApp
import TUI
import Testing

/// The life of a reply, as the user sees it.
@Suite struct ReplyTests {
    private func started(_ effects: [Effect]) -> ReplyStart? {
        effects.lazy.compactMap { if case .startReply(let start) = $0 { start } else { nil } }.first
    }

    private func saved(_ effects: [Effect]) -> SessionRecord? {
        effects.lazy.compactMap { if case .saveSession(let session) = $0 { session } else { nil } }.last
    }

    @Test func theMessageIsSavedBeforeTheReplyStarts() throws {
        var scene = Scene()
        let effects = scene.enter("What is a good first day in Kyoto?")
        guard effects.count == 2, case .saveSession(let session) = effects[0], case .startReply(let start) = effects[1]
        else {
            Issue.record("\(effects)")
            return
        }
        #expect(session.conversation.path.map(\.content) == ["What is a good first day in Kyoto?"])
        #expect(session.title == "What is a good first day in Kyoto?")
        #expect(start.model == Scene.smol)
        #expect(start.messages == session.conversation.path)
        #expect(scene.state.composer.input.isEmpty)
    }

    @Test func textStreamsInAndTheCompleteReplyIsSaved() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Hello there")
        #expect(scene.path.map(\.content) == ["Hi", "Hello there"])
        guard case .journal("s1", let written)? = scene.effects.last else {
            Issue.record("no journal")
            return
        }
        #expect(written.content == "Hello there")
        let end = scene.finish()
        #expect(saved(end)?.conversation.path.last?.origin?.stats?.generatedTokens == 188)
        #expect(saved(end)?.conversation.path.last?.origin?.seed == 42)
        #expect(scene.state.session.reply == nil)
    }

    @Test func theFingerprintOfTheModelFileIsRecorded() {
        var known = Scene.smol
        known.fingerprint = "sha256:00"
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Hello")
        scene.send(.modelIdentified(known))
        let end = scene.finish()
        #expect(saved(end)?.model == known)
        #expect(saved(end)?.conversation.path.last?.origin?.model == known)
        #expect(scene.shows("Q4_1"))
        #expect(!scene.shows("This is not the"))

        var changed = Scene.smol
        changed.fingerprint = "sha256:11"
        scene.send(.modelIdentified(changed))
        #expect(scene.shows("This is not the"))
        #expect(scene.state.session.record.model == changed)
        #expect(scene.path.last?.origin?.model == known)
    }

    @Test func escapeStopsTheReplyAndKeepsItsText() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Half a")
        #expect(scene.press(.escape) == [.stopReply(ReplyID(number: 1))])
        #expect(scene.shows("● stopping"))
        scene.finish(.cancelled, tokens: 2)
        #expect(scene.path.last?.content == "Half a")
        #expect(scene.shows("— stopped"))
    }

    @Test func aReplyStoppedBeforeItsFirstWordLeavesNoTrace() {
        var scene = Scene()
        scene.enter("Hi")
        scene.press(.control("c"))
        scene.finish(.cancelled, tokens: 0)
        #expect(scene.path.map(\.content) == ["Hi"])
        #expect(scene.state.session.reply == nil)
    }

    @Test func anEmptyReplyIsShownAsEmpty() {
        var scene = Scene()
        scene.enter("Hi")
        scene.finish(.endOfTurn, tokens: 0)
        #expect(scene.path.count == 2)
        #expect(scene.shows("(empty reply)"))
    }

    @Test func aFailureKeepsTheMessageAndShowsHowToRetry() {
        var scene = Scene()
        scene.enter("Hi")
        scene.type("next draft")
        scene.send(.replyFailed(ReplyID(number: 1), "the model file is damaged"))
        #expect(scene.path.map(\.content) == ["Hi"])
        #expect(scene.notice == "the model file is damaged. Enter or /regen to try again")
        #expect(scene.state.composer.input.text == "next draft")
        scene.press(.control("u"))
        let start = started(scene.enter("/regen"))
        #expect(start?.messages.map(\.content) == ["Hi"])
    }

    @Test func aFailureDuringAReplyMarksItInterrupted() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Half a")
        scene.send(.replyFailed(ReplyID(number: 1), "the connection was lost"))
        #expect(scene.path.last?.origin?.stats?.stop == .interrupted)
        #expect(scene.shows("— interrupted"))
    }

    @Test func aRegeneratedReplyIsAnAlternativeOfTheFirst() {
        var scene = Scene()
        scene.talk("Hi", "First")
        let start = started(scene.enter("/regen"))
        #expect(start?.messages.map(\.content) == ["Hi"])
        scene.stream("Second")
        scene.finish()
        #expect(scene.path.map(\.content) == ["Hi", "Second"])
        #expect(scene.state.session.record.conversation.messages.count == 3)
        #expect(scene.shows("‹ 2/2 ›"))
    }

    @Test func aRegeneratedReplyStoppedBeforeItsFirstWordShowsTheFirstAgain() {
        var scene = Scene()
        scene.talk("Hi", "First")
        scene.enter("/regen")
        scene.press(.escape)
        scene.finish(.cancelled, tokens: 0)
        #expect(scene.path.map(\.content) == ["Hi", "First"])
    }

    @Test func typingContinuesWhileAReplyStreamsAndEnterKeepsTheDraft() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Hello")
        #expect(scene.enter("one more").isEmpty)
        #expect(scene.state.composer.input.text == "one more")
        #expect(scene.notice.contains("Press Esc to stop"))
        scene.finish()
        #expect(started(scene.press(.enter))?.messages.last?.content == "one more")
    }

    @Test func lateEventsOfAnUnwantedReplyAreDropped() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Hello")
        let effects = scene.enter("/new")
        #expect(effects.first == .stopReply(ReplyID(number: 1)))
        #expect(saved(effects)?.conversation.path.last?.origin?.stats?.stop == .cancelled)
        guard case .newSession(var next)? = effects.last else {
            Issue.record("\(effects)")
            return
        }
        next.id = "s2"
        scene.send(.sessionLoaded(next))
        scene.send(.reply(ReplyID(number: 1), .text("late")))
        #expect(scene.path.isEmpty)
        #expect(scene.state.session.record.model == Scene.smol)
    }

    @Test func theModelCanBeSwitchedDuringAConversation() {
        var scene = Scene()
        scene.talk("Hi", "Hello")
        #expect(scene.enter("/model gemma").contains(.chooseModel(Scene.gemma)))
        let start = started(scene.enter("And you?"))
        #expect(start?.model == Scene.gemma)
        #expect(start?.messages.map(\.content) == ["Hi", "Hello", "And you?"])
        #expect(scene.path[1].origin?.model == Scene.smol)
    }

    @Test func settingsChangeDuringAReply() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Hello")
        let effects = scene.enter("/set temp 0.2")
        guard case .changeSettings(let settings)? = effects.first else {
            Issue.record("\(effects)")
            return
        }
        #expect(settings.sampling.temperature == 0.2)
        #expect(scene.state.session.reply != nil)
        #expect(scene.shows("balanced*"))
    }

    /// At startup the user can be faster than the list of models.
    @Test func aMessageSentBeforeThereIsAModelWaitsForIt() {
        var scene = Scene(80, 24, withModel: false)
        scene.enter("Hi")
        #expect(scene.state.composer.input.text == "Hi")
        #expect(scene.notice.hasPrefix("Looking for models"))
        let effects = scene.send(.modelsLoaded(Scene.models))
        #expect(effects.first == .useModel(Scene.smol))
        #expect(started(effects) != nil)
        #expect(scene.state.composer.input.isEmpty)
    }

    /// The message is not finished: the user typed more.
    @Test func aWaitingMessageThatIsChangedStays() {
        var scene = Scene(80, 24, withModel: false)
        scene.enter("Hi")
        scene.type("!")
        #expect(scene.send(.modelsLoaded(Scene.models)) == [.useModel(Scene.smol)])
        #expect(scene.state.composer.input.text == "Hi!")
        #expect(started(scene.press(.enter)) != nil)
    }

    @Test func aNoticeAboutDroppedMessagesStaysUntilSeen() {
        var scene = Scene()
        scene.enter("Hi")
        scene.send(.reply(ReplyID(number: 1), .notice(.turnsDropped(count: 4, promptTokens: 900, limit: 1024))))
        scene.wait(60)
        scene.send(.tick)
        #expect(scene.shows("The oldest 4 messages no longer fit"))
        scene.finish()
        scene.press(.escape)
        #expect(scene.state.screen.notices.current == nil)
    }

    @Test func theTitleIsTheFirstLineCutAtAWord() {
        var scene = Scene()
        scene.press(.paste("\n  Tell me everything there is to know about the history of Kyoto\nplease"), .enter)
        #expect(scene.state.session.record.title == "Tell me everything there is to know about the…")
    }

    /// A reply that goes on has not ended.
    @Test func aContinuedReplyIsNotShownAsStopped() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Hello")
        scene.press(.escape)
        scene.finish(.cancelled)
        #expect(scene.shows("— stopped"))
        scene.enter("/continue")
        #expect(!scene.shows("— stopped"))
        scene.stream(" there")
        #expect(!scene.shows("— stopped"))
        scene.finish()
        #expect(!scene.shows("— stopped"))
    }
}
