import Chat
import Foundation
import TUI
import Testing

@testable import ChatApp

/// The wall clock may be set back or forward while the chat runs; only what is shown or saved follows it.
@Suite struct ClockTests {
    /// Hours, in seconds.
    @Test(arguments: [-7200.0, 7200])
    func durationsDoNotFollowTheWallClock(jump: Double) {
        var scene = Scene(160)
        scene.type("Hi")
        scene.now += jump
        // The draft is saved when it is due, and a notice disappears.
        scene.wait(1)
        scene.send(.tick)
        #expect(scene.keeping.contains { if case .saveDraft(_, .some) = $0 { true } else { false } })
        scene.press(.enter)
        scene.send(.notice(Notice(.info, "passing")))
        scene.now -= jump
        scene.wait(7)
        scene.send(.tick)
        #expect(scene.notice != "passing")
        let words = Array(repeating: "word", count: 20).joined(separator: " ")
        scene.stream(words)
        scene.now += jump
        scene.stream(words)
        let speed = scene.state.session.reply?.tokensPerSecond(now: scene.instant) ?? 0
        #expect((100...300).contains(speed))
        #expect(scene.state.session.reply.map { scene.instant.seconds(since: $0.started) < 10 } == true)
        let due = scene.state.nextTick
        #expect(due.map { scene.instant.duration(to: $0) <= .milliseconds(250) } == true)
        // What is saved has the time of the wall clock.
        #expect(scene.state.session.record.conversation.messages.first?.created != nil)
        scene.finish()
        scene.enter("Again")
        #expect(scene.state.session.record.conversation.path.last?.created == scene.now)
    }

    /// A server may ask for any wait.
    @Test(arguments: [Double.nan, .infinity, -1, 1e300])
    func anyWaitForARetryIsTaken(seconds: Double) throws {
        var scene = Scene()
        scene.enter("Hi")
        let id = try #require(scene.state.session.reply?.id)
        scene.send(.reply(id, .retrying(reason: "Busy", seconds: seconds)))
        #expect(scene.shows("next try in") || scene.shows("retry in"))
    }
}
