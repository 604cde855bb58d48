import Chat
import ChatApp
import Replies
import Testing

/// Another reply that would be the same, and replies that are only thoughts.
struct SameReplyTests {
    private func isStart(_ effects: [Effect]) -> ReplyStart? {
        for case .startReply(let start) in effects { return start }
        return nil
    }

    @Test func aFixedSeedIsSaidAndANewOneOffered() throws {
        var scene = Scene()
        scene.enter("/set seed 42")
        scene.talk("Hello", "Hi there")
        #expect(isStart(scene.enter("/regen")) == nil)
        #expect(scene.notice.contains("seed is fixed (42)") && scene.notice.contains("Regenerate again for a new seed"))
        #expect(scene.path.count == 2 && scene.path.last?.content == "Hi there")
        let start = try #require(isStart(scene.enter("/regen")))
        #expect(start.settings.sampling.seed == nil)
        scene.stream("Good morning")
        scene.finish()
        #expect(scene.path.last?.content == "Good morning")
        // The session's seed stays, and is offered again.
        #expect(scene.state.session.record.settings.sampling.seed == 42)
        #expect(isStart(scene.enter("/regen")) == nil)
    }

    @Test func theOfferIsForOneQuestion() throws {
        var scene = Scene()
        scene.enter("/set seed 42")
        scene.talk("Hello", "Hi there")
        scene.enter("/regen")
        scene.talk("And now?", "Now what?")
        #expect(isStart(scene.enter("/regen")) == nil)
    }

    @Test func greedyRepliesAreAlwaysTheSame() throws {
        var scene = Scene()
        scene.enter("/set temperature 0")
        scene.talk("Hello", "Hi there")
        for _ in 0..<2 {
            #expect(isStart(scene.enter("/regen")) == nil)
            #expect(scene.notice.contains("temperature 0"))
        }
        scene.enter("/set temperature 0.7")
        #expect(isStart(scene.enter("/regen")) != nil)
    }

    @Test func whatCanDifferIsGenerated() throws {
        // A random seed.
        var scene = Scene()
        scene.talk("Hello", "Hi there")
        #expect(isStart(scene.enter("/regen")) != nil)
        // Other settings, and a reply that was stopped.
        for change in ["/set top_k 7", "/set seed 43"] {
            scene = Scene()
            scene.enter("/set seed 42")
            scene.talk("Hello", "Hi there")
            scene.enter(change)
            #expect(isStart(scene.enter("/regen")) != nil)
        }
        scene = Scene()
        scene.enter("/set seed 42")
        scene.enter("Hello")
        scene.stream("Hi")
        scene.finish(.cancelled)
        #expect(isStart(scene.enter("/regen")) != nil)
    }

    @Test func aReplyOfThoughtsOnlyIsExplained() throws {
        var scene = Scene()
        scene.enter("Hello")
        let id = try #require(scene.state.session.reply?.id)
        scene.send(.reply(id, .started(seed: 1, fingerprint: nil)))
        var chunk = ReplyChunk(token: 1)
        chunk.reasoning = "Hmm"
        scene.send(.reply(id, .chunk(chunk)))
        scene.finish()
        #expect(scene.notice.contains("inside the model's thoughts"))
    }
}
