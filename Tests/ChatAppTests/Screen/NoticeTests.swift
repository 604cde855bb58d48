import Chat
import Foundation
import Replies
import TUI
import Testing

@testable import ChatApp

/// A notice goes when what it says is no longer true.
@Suite struct NoticeTests {
    private func waiting(_ scene: Scene) -> [String] { scene.state.screen.notices.waiting.map(\.text) }

    @Test func aMistakeIsReplacedByTheNextAndGoesWithASuccess() {
        var scene = Scene()
        scene.enter("/set top_k many")
        scene.enter("/quiz")
        #expect(waiting(scene).count == 1 && scene.notice.hasPrefix("Unknown command /quiz"))
        scene.enter("/set top_k 5")
        #expect(waiting(scene).isEmpty && scene.notice == "top_k is now 5")
        scene.wait(10)
        scene.send(.tick)
        #expect(scene.notice.isEmpty)
        scene.enter("/quiz")
        scene.press(.function(5), .enter)
        scene.wait(10)
        scene.send(.tick)
        #expect(scene.notice.isEmpty)
    }

    @Test func noticesAboutASessionStayInIt() {
        var scene = Scene()
        scene.enter("/quiz")
        scene.send(.saved(problem: "the disk is full"))
        scene.send(.notice(Notice(.warning, "2 messages were recovered", cause: .session)))
        scene.send(.notice(Notice(.warning, "providers.json is damaged", cause: .program)))
        scene.send(.sessionLoaded(SessionRecord(id: "s2", created: scene.now, model: Scene.smol)))
        #expect(waiting(scene) == ["providers.json is damaged"])
    }

    @Test func aNewSessionKeepsWhatWasJustDone() {
        var scene = Scene.withLists()
        scene.enter("/delete")
        scene.send(.sessionLoaded(SessionRecord(id: "s9", created: scene.now, model: Scene.smol)))
        #expect(scene.notice.contains("/restore to undo"))
    }

    @Test func aDraftThatIsTooLongIsMentionedUntilItIsEdited() {
        var scene = Scene()
        scene.type("word word")
        scene.wait(1)
        scene.send(.tick)
        let number = scene.keeping.compactMap {
            if case .countDraft(let question) = $0 { question.number } else { nil }
        }
        scene.send(.draftCounted(number: number.last ?? 0, DraftCount(text: 9000, conversation: 0, limit: 8192)))
        scene.press(.enter)
        #expect(scene.notice.hasPrefix("Message too long: 9000 tokens"))
        scene.press(.left)
        #expect(scene.notice.hasPrefix("Message too long"))
        scene.press(.backspace)
        #expect(scene.notice.isEmpty)
    }

    @Test func aLargerContextWithdrawsThatTheDraftIsTooLong() {
        var scene = Scene()
        scene.send(.notice(Notice(.warning, "Message too long", cause: .draft)))
        var settings = scene.state.session.record.settings
        settings.contextLength = 4096
        _ = scene.state.changeSettings(settings)
        #expect(waiting(scene).isEmpty)
    }

    @Test func adviceThatWasFollowedGoes() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Hello")
        scene.finish(.tokenLimit)
        scene.enter("/set max_tokens 4096")
        #expect(waiting(scene).isEmpty && scene.notice == "max_tokens is now 4096")
    }

    @Test func aSaveThatWorksWithdrawsThatItDidNot() {
        var scene = Scene()
        scene.talk("Hi", "Hello")
        scene.send(.saved(problem: "the disk is full"))
        scene.send(.saved(problem: nil))
        #expect(waiting(scene).isEmpty && scene.notice == "The session is saved again")
    }

    @Test func aServiceThatAnswersIsNoLongerBusy() {
        var scene = Scene()
        scene.enter("Hi")
        guard let id = scene.state.session.reply?.id else { return }
        scene.send(.reply(id, .retrying(reason: "busy", seconds: 4)))
        #expect(scene.notice == "busy")
        scene.stream("Hello")
        #expect(waiting(scene).isEmpty)
    }

    @Test func howAReplyEndedGoesWithItsBranch() throws {
        var scene = Scene()
        scene.talk("Hi", "Hello")
        scene.enter("/regen")
        scene.stream("Good day")
        scene.finish(.tokenLimit)
        #expect(scene.notice.hasPrefix("Token limit reached"))
        _ = scene.state.showAlternative(of: try #require(scene.path.last).id, 1)
        #expect(waiting(scene).isEmpty)
    }

    @Test func aModelThatWorksWithdrawsThatItCouldNotBeLoaded() {
        var scene = Scene()
        scene.send(.notice(Notice(.error, "The file is gone", cause: .model)))
        scene.enter("/model gemma")
        #expect(waiting(scene).isEmpty)
        scene.send(.notice(Notice(.error, "The file is gone", cause: .model)))
        scene.send(.modelIdentified(Scene.gemma))
        #expect(waiting(scene).isEmpty)
    }

    @Test func modelsThatAreListedWithdrawThatTheyWereNot() {
        var scene = Scene()
        scene.send(.modelsFailed("no permission"))
        scene.send(.modelsLoaded(Scene.models))
        #expect(waiting(scene).isEmpty)
    }

    @Test func anotherAddressWithdrawsWhatWasWrongWithTheFirst() {
        var scene = Scene()
        scene.enter("/pull nowhere")
        scene.send(.pull("nowhere", .failed("nowhere is not an address")))
        #expect(scene.notice == "nowhere is not an address")
        scene.type("x")
        #expect(waiting(scene).isEmpty)
    }

    /// An error of a panel is shown in full over its last rows, where the line at the bottom is too short.
    @Test(arguments: [(80, 24), (90, 30), (40, 12)]) func longNoticesInPanelsAreWrapped(width: Int, height: Int) {
        var scene = Scene(width, height)
        scene.enter("/pull nowhere")
        let reason =
            "\"nowhere\" is not an address of a model. Addresses: hf.co/OWNER/NAME, ollama.com/NAME, or https://…"
        scene.send(.pull("nowhere", .failed(reason)))
        let text = scene.rows.joined(separator: " ").replacing(/[│┃ ]+/, with: " ")
        #expect(text.contains("or https://…"), "\(scene.testDescription)")
        scene.type("x")
        #expect(!scene.shows("is not an address"))
    }
}
