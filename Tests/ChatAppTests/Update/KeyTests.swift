import Chat
import ChatApp
import TUI
import Testing

@Suite struct KeyTests {
    @Test func controlCTwiceQuitsAndKeepsTheDraftInTheHistory() {
        var scene = Scene()
        scene.type("half a thought")
        #expect(scene.press(.control("c")).isEmpty)
        #expect(scene.state.composer.input.isEmpty)
        #expect(scene.notice.contains("again to quit"))
        scene.press(.up)
        #expect(scene.state.composer.input.text == "half a thought")
        #expect(scene.press(.control("c")).isEmpty)
        #expect(scene.press(.control("c")) == [.quit])
    }

    /// However it is left: the first time, saving is tried again and the user is warned.
    @Test(arguments: ["/quit", "/new", "/resume n2"]) func leavingAnUnsavedSessionWarnsFirst(line: String) throws {
        var scene = Scene()
        scene.talk("Hi", "Hello")
        scene.send(
            .sessionsListed([SessionSummary(id: "n2", title: "Kyoto", updated: scene.now, model: nil, messageCount: 2)])
        )
        scene.send(.saved(problem: "cannot write s1.json: the disk is full"))
        #expect(scene.notice == "cannot write s1.json: the disk is full")
        let first = scene.enter(line)
        guard case .saveSession(let session)? = first.first, first.count == 1 else {
            Issue.record("left with \(first)")
            return
        }
        #expect(session.conversation.messages.count == 2)
        #expect(scene.notice.hasPrefix("Not saved: cannot write s1.json"))
        scene.send(.saved(problem: "cannot write s1.json: the disk is full"))
        #expect(scene.enter(line).contains { if case .saveSession = $0 { false } else { true } })
    }

    @Test func aSessionThatIsSavedAgainCanBeLeft() {
        var scene = Scene()
        scene.talk("Hi", "Hello")
        scene.send(.saved(problem: "cannot write s1.json: the disk is full"))
        scene.send(.saved(problem: nil))
        #expect(scene.notice == "The session is saved again")
        #expect(scene.enter("/quit") == [.quit])
    }

    @Test func controlLRedrawsTheScreen() {
        var scene = Scene()
        #expect(scene.press(.control("l")) == [.redraw])
        scene.press(.function(1))
        #expect(scene.press(.control("l")) == [.redraw])
    }

    @Test func controlDQuitsOnlyWhenTheInputIsEmpty() {
        var scene = Scene()
        scene.type("a")
        scene.press(.control("a"))
        #expect(scene.press(.control("d")).isEmpty)
        #expect(scene.press(.control("d")) == [.quit])
    }

    @Test func quittingDuringAReplyKeepsItsText() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Half")
        let effects = scene.enter("/bye")
        guard effects.count == 3, case .stopReply = effects[0], case .saveSession(let session) = effects[1] else {
            Issue.record("\(effects)")
            return
        }
        #expect(session.conversation.path.last?.content == "Half")
        #expect(effects[2] == .quit)
    }

    @Test func aPastedTextKeepsItsLines() {
        var scene = Scene()
        scene.press(.paste("one\r\ntwo"), .alt(.enter))
        scene.type("three")
        #expect(scene.state.composer.input.text == "one\ntwo\nthree")
    }

    @Test func theScrollPositionStaysWhileTextArrives() {
        var scene = Scene(60, 16)
        scene.talk("Count", (1...40).map { "line \($0)" }.joined(separator: "\n"))
        scene.enter("More")
        scene.stream("first")
        scene.press(.pageUp)
        let before = Array(scene.rows[2..<10])
        scene.stream("\n" + (1...30).map { "new \($0)" }.joined(separator: "\n"))
        #expect(Array(scene.rows[2..<10]) == before)
        #expect(scene.rows.contains { $0.contains("lines below") })
        scene.press(.end)
        #expect(scene.shows("new 30"))
        scene.stream("\nnewest")
        #expect(scene.shows("newest"))
        scene.press(.home)
        #expect(scene.shows("Count"))
    }

    @Test func pagingDownToTheEndFollowsTheReplyAgain() {
        var scene = Scene(60, 16)
        scene.talk("Count", (1...40).map { "line \($0)" }.joined(separator: "\n"))
        scene.press(.wheelUp)
        #expect(scene.shows("↓ 3 lines below"))
        scene.press(.pageDown)
        #expect(!scene.shows("below"))
    }

    @Test func panelsFilterChooseAndClose() {
        var scene = Scene()
        #expect(scene.press(.function(2)) == [.listModels])
        scene.type("gem")
        #expect(scene.shows("Models (1)"))
        #expect(scene.press(.enter).contains(.chooseModel(Scene.gemma)))
        #expect(!scene.shows("Models"))
        scene.press(.function(2), .end, .enter)
        #expect(scene.notice.contains("the file ends in the middle"))
        scene.press(.escape)
        #expect(!scene.shows("Models (3)"))
        scene.press(.function(1), .function(1))
        #expect(!scene.shows("Help"))
    }

    @Test func escapeClosesThePanelBeforeItStopsAReply() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Hello")
        scene.press(.function(4))
        #expect(scene.press(.escape) == [.watchNextToken(false)])
        #expect(scene.press(.escape) == [.stopReply(ReplyID(number: 1))])
    }

    @Test func escapeFollowedQuicklyByAKeyIsNotLostAsAChord() {
        var scene = Scene()
        scene.press(.function(1), .alt(.function(2)))
        #expect(scene.shows("Models (3)"))
        scene.press(.alt("h"))
        #expect(scene.state.composer.input.text == "h")
    }

    @Test func theSamplingPanelChangesValuesByArrowsAndByTyping() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Hello")
        scene.press(.function(4))
        #expect(
            scene.press(.right) == [
                .changeSettings(scene.state.session.record.settings), .saveSession(scene.state.session.record),
            ])
        #expect(abs(scene.state.session.record.settings.sampling.temperature - 0.85) < 1e-6)
        scene.type("1.25")
        #expect(scene.shows("1.25▏"))
        scene.press(.enter)
        #expect(scene.state.session.record.settings.sampling.temperature == 1.25)
        scene.type("99")
        scene.press(.enter)
        #expect(scene.shows("! temperature must be a number from 0 to 5, not \"99\""))
        scene.press(.delete)
        #expect(scene.state.session.record.settings.sampling.temperature == 0.8)
    }

    @Test func thePaletteRunsACommandOrInsertsIt() {
        var scene = Scene()
        scene.type("a draft")
        scene.press(.control("p"))
        scene.type("/rename")
        scene.press(.enter)
        #expect(scene.state.composer.input.text == "/rename ")
        scene.press(.control("u"), .up)
        #expect(scene.state.composer.input.text == "a draft")
    }

    @Test func infoDisappearsAndErrorsWait() {
        var scene = Scene()
        scene.send(.notice(Notice(.info, "saved")))
        #expect(scene.state.nextTick != nil)
        scene.wait(10)
        scene.send(.tick)
        #expect(scene.state.screen.notices.current == nil)
        #expect(scene.state.nextTick == nil)
        scene.send(.notice(Notice(.error, "the disk is full", cause: .program)))
        scene.send(.notice(Notice(.warning, "second", cause: .program)))
        scene.wait(100)
        scene.send(.tick)
        // The latest notice is shown first; the other one is behind it.
        #expect(scene.notice == "second")
        #expect(scene.shows("+1 Esc"))
        scene.press(.control("c"))
        #expect(scene.notice.contains("again to quit"))
        scene.press(.escape)
        scene.press(.escape)
        #expect(scene.notice == "the disk is full")
        scene.enter("/quiz")
        #expect(scene.notice.hasPrefix("Unknown command /quiz"))
        scene.send(.notice(Notice(.error, "the disk is full", cause: .program)))
        #expect(scene.shows("✗ the disk is full"))
        #expect(scene.shows("+1 Esc"))
    }
}
