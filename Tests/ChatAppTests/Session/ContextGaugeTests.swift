import Chat
import Foundation
import Replies
import TUI
import Testing

@testable import ChatApp

/// The gauge shows how full the context is, for the branch and the settings as they are.
@Suite struct ContextGaugeTests {
    private func question(_ scene: Scene) -> ContextQuestion? {
        scene.keeping.compactMap { if case .measureContext(let question) = $0 { question } else { nil } }.last
    }

    /// Answers the last question.
    private func answer(_ scene: inout Scene, used: Int, limit: Int = 8192) {
        scene.send(.contextMeasured(number: question(scene)?.number ?? -1, ContextUse(used: used, limit: limit)))
    }

    private func talk(_ scene: inout Scene, _ text: String, used: Int) {
        scene.enter(text)
        guard let id = scene.state.session.reply?.id else { return }
        scene.send(.reply(id, .context(used: used, limit: 8192)))
        scene.stream("Hello")
        scene.finish()
    }

    @Test func aReplyReportsIt() {
        var scene = Scene()
        talk(&scene, "Hi", used: 40)
        #expect(scene.shows("40/8,192"))
        #expect(question(scene) == nil)
    }

    @Test func aResumedSessionIsMeasured() throws {
        var scene = Scene()
        scene.open(messages: 4)
        let asked = try #require(question(scene))
        #expect(asked.messages.count == 4 && asked.model == Scene.smol)
        answer(&scene, used: 123)
        #expect(scene.shows("123/8,192"))
    }

    @Test func anotherBranchIsMeasured() throws {
        var scene = Scene()
        talk(&scene, "Hi", used: 40)
        scene.enter("/regen")
        scene.stream("A longer reply")
        if let id = scene.state.session.reply?.id { scene.send(.reply(id, .context(used: 90, limit: 8192))) }
        scene.finish()
        #expect(scene.shows("90/8,192") && question(scene) == nil)
        _ = scene.state.showAlternative(of: try #require(scene.path.last).id, 1)
        scene.press(.escape)
        #expect(!scene.shows("90/8,192"))
        #expect(question(scene)?.messages.last?.content == "Hello")
        answer(&scene, used: 41)
        #expect(scene.shows("41/8,192"))
    }

    @Test func anotherSizeIsMeasured() throws {
        var scene = Scene()
        talk(&scene, "Hi", used: 40)
        scene.enter("/set num_ctx 4k")
        #expect(question(scene)?.settings.contextLength == 4096)
        answer(&scene, used: 40, limit: 4096)
        #expect(scene.shows("40/4,096"))
    }

    /// Deleting, undoing and another system prompt change what the model reads.
    @Test func everythingThatTheModelReadsCounts() throws {
        var scene = Scene()
        talk(&scene, "Hi", used: 40)
        scene.enter("/system Be brief.")
        #expect(question(scene)?.system == "Be brief.")
        let number = question(scene)?.number
        _ = scene.state.deleteMessage(try #require(scene.path.last).id)
        scene.send(.tick)
        #expect(question(scene)?.messages.count == 1)
        // The answer to the earlier question is late.
        scene.send(.contextMeasured(number: number ?? 0, ContextUse(used: 77, limit: 8192)))
        #expect(!scene.shows("77/8,192"))
    }

    /// The answer about the session before comes late.
    @Test func anEmptySessionHasNone() {
        var scene = Scene()
        scene.open(messages: 2)
        scene.send(.sessionLoaded(SessionRecord(id: "new", created: scene.now, model: Scene.smol)))
        answer(&scene, used: 35)
        #expect(!scene.shows("35/8,192"))
    }

    /// Every key in the sampling panel may change the setting; it is measured when the panel is closed.
    @Test func nothingIsAskedWhileAPanelIsOpen() {
        var scene = Scene()
        talk(&scene, "Hi", used: 40)
        scene.press(.function(4))
        var settings = scene.state.session.record.settings
        settings.contextLength = 1024
        _ = scene.state.changeSettings(settings)
        scene.send(.tick)
        #expect(question(scene) == nil)
        scene.press(.escape)
        #expect(question(scene) != nil)
    }
}
