import Chat
import ChatApp
import TUI
import Testing

/// What belongs to the open session, and what stays when another one opens.
@Suite struct OpenSessionTests {
    /// A session whose only reply has reasoning, and a record of another session with the same message ids.
    private func sessions() throws -> (scene: Scene, other: SessionRecord) {
        var scene = Scene()
        scene.enter("Why is the sky blue?")
        try scene.think("Light scatters.", tokens: 3)
        scene.stream("Because of scattering.")
        scene.finish()
        var other = scene.state.session.record
        other.id = "s2"
        return (scene, other)
    }

    /// Messages of all sessions have the same ids: an exception for one must not apply to another.
    @Test func theDisplayOfReasoningStaysAndExceptionsDoNot() throws {
        var (scene, other) = try sessions()
        #expect(!scene.shows("│ Light scatters."))
        scene.press(.alt("t"))
        #expect(scene.shows("│ Light scatters."))
        scene.send(.sessionLoaded(other))
        #expect(scene.shows("▸") && !scene.shows("│ Light scatters."))

        scene.enter("/think show")
        scene.press(.alt("t"))
        #expect(!scene.shows("│ Light scatters."))
        other.id = "s3"
        scene.send(.sessionLoaded(other))
        #expect(scene.shows("│ Light scatters."))

        scene.enter("/think hide")
        other.id = "s4"
        scene.send(.sessionLoaded(other))
        #expect(!scene.shows("▸") && !scene.shows("▾"))
    }

    @Test func nothingElseOfASessionStays() throws {
        var (scene, other) = try sessions()
        scene.press(.alt(.up), "d")
        scene.enter("/find sky")
        scene.send(.saved(problem: "the disk is full"))
        scene.send(.sessionLoaded(other))
        #expect(scene.selectedText == nil)
        #expect(!scene.shows("search sky"))
        #expect(scene.enter("/undo").isEmpty)
        #expect(scene.notice == "Nothing to undo")
        // The other session is saved, so no warning delays leaving it.
        #expect(scene.enter("/quit") == [.quit])
    }

    /// Opening an old session is no choice of a model.
    @Test func newSessionsHaveTheModelThatWasChosen() {
        var scene = Scene()
        scene.enter("/model gemma")
        let effects = scene.send(.sessionLoaded(SessionRecord(id: "old", created: scene.now, model: Scene.smol)))
        #expect(effects.contains(.useModel(Scene.smol)) && !effects.contains(.chooseModel(Scene.smol)))
        #expect(scene.state.session.record.model == Scene.smol)
        guard case .newSession(let next)? = scene.enter("/new").last else {
            Issue.record("no new session")
            return
        }
        #expect(next.model == Scene.gemma)
    }

    /// The model of an old session becomes the default when the user names it.
    @Test func namingTheSessionsModelChoosesIt() {
        var scene = Scene()
        scene.enter("/model gemma")
        scene.send(.sessionLoaded(SessionRecord(id: "old", created: scene.now, model: Scene.smol)))
        #expect(scene.enter("/model SmolLM2") == [.chooseModel(Scene.smol)])
        #expect(scene.enter("/model SmolLM2").isEmpty)
    }

    @Test func aSessionWithoutAModelGetsTheLastOne() {
        var scene = Scene()
        scene.enter("/model gemma")
        #expect(
            scene.send(.sessionLoaded(SessionRecord(id: "s2", created: scene.now))).contains(.useModel(Scene.gemma)))
        #expect(scene.state.session.record.model == Scene.gemma)
    }
}
