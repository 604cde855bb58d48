import Chat
import ChatApp
import Replies
import TUI
import Testing

/// Reasoning: folded, opened, hidden, saved.
@Suite struct ReasoningTests {
    private func thinking(_ width: Int = 80, _ height: Int = 24) throws -> Scene {
        var scene = Scene(width, height)
        scene.enter("Why is the sky blue?")
        try scene.think("Light **scatters**. ", tokens: 3)
        scene.wait(2)
        try scene.think("Blue most of all.", tokens: 211)
        return scene
    }

    @Test func streamingReasoningIsFoldedToOneLineWithItsLength() throws {
        var scene = try thinking()
        #expect(scene.shows("▸ thinking … 214 tokens, 2 s"))
        #expect(!scene.shows("scatters"))
        #expect(scene.path.last?.reasoning == "Light **scatters**. Blue most of all.")
        scene.stream("Because of scattering.")
        scene.wait(5)
        #expect(scene.shows("▸ thought for 2 s, 214 tokens"))
        #expect(scene.path.last?.content == "Because of scattering.")
    }

    @Test func completeReasoningOpensAndFolds() throws {
        var scene = try thinking()
        scene.stream("Because of scattering.")
        scene.finish(thought: (214, 2))
        try expectScreen(view(scene.state), "reasoning-folded-80x24")
        scene.press(.alt("t"))
        try expectScreen(view(scene.state), "reasoning-open-80x24")
        scene.press(.alt("t"))
        #expect(!scene.shows("scatters"))
        scene.press(.alt(.up), "h")
        #expect(scene.shows("│ Light scatters."))
    }

    @Test(arguments: [(40, 12), (20, 6)])
    func fitsSmallWindows(width: Int, height: Int) throws {
        var scene = try thinking(width, height)
        scene.stream("Because.")
        scene.finish(thought: (214, 2))
        try expectScreen(view(scene.state), "reasoning-folded-\(width)x\(height)")
    }

    @Test func commandsShowFoldAndHide() throws {
        var scene = try thinking()
        scene.stream("Because.")
        scene.finish(thought: (214, 2))
        scene.enter("/think show")
        #expect(scene.shows("│ Light scatters."))
        scene.enter("/think fold")
        #expect(scene.shows("▸ thought") && !scene.shows("scatters"))
        scene.enter("/think hide")
        #expect(!scene.shows("thought for"))
        scene.enter("/think")
        #expect(scene.shows("│ Light scatters."))
        scene.enter("/think loudly")
        #expect(scene.notice == "/think must be on, off, auto, show, fold or hide, not \"loudly\"")
    }

    @Test func thinkSwitchesThinkingOfTheModel() throws {
        var scene = Scene()
        let effects = scene.enter("/think off")
        #expect(scene.state.session.record.settings.thinking == .off)
        #expect(
            effects.contains { if case .changeSettings(let settings) = $0 { settings.thinking == .off } else { false } }
        )
        scene.enter("/set think on")
        #expect(scene.state.session.record.settings.thinking == .on)
        var deaf = Scene.models[0]
        deaf.hasThinkingSwitch = false
        scene.send(.modelsLoaded([deaf]))
        scene.enter("/think off")
        #expect(scene.notice.hasPrefix("This model cannot switch thinking on or off"))
    }

    /// A reply stopped while the model was thinking keeps its reasoning and shows that there is no answer.
    @Test func aStoppedReplyKeepsItsReasoning() throws {
        var scene = try thinking()
        scene.press(.escape)
        scene.finish(.cancelled, thought: (214, 2))
        #expect(scene.path.last?.reasoning != nil)
        #expect(scene.shows("(no answer)"))
        #expect(scene.path.last?.origin?.stats?.reasoningTokens == 214)
    }

    /// The next prompt has the reasoning in a field of its own, so that the template can leave it out.
    @Test func theNextPromptHasReasoningSeparateFromText() throws {
        var scene = try thinking()
        scene.stream("Because.")
        scene.finish(thought: (214, 2))
        let effects = scene.enter("And at night?")
        let start = effects.compactMap { if case .startReply(let start) = $0 { start } else { nil } }.first
        #expect(start?.messages[1].content == "Because.")
        #expect(start?.messages[1].reasoning == "Light **scatters**. Blue most of all.")
    }
}

extension Scene {
    mutating func think(_ text: String, tokens: Int) throws {
        let id = try #require(state.session.reply?.id)
        send(.reply(id, .reasoning(text)))
        for _ in 1..<tokens { send(.reply(id, .chunk(ReplyChunk(token: 1)))) }
    }

    fileprivate mutating func finish(_ stop: StopReason = .endOfTurn, thought: (tokens: Int, seconds: Double)) {
        guard let id = state.session.reply?.id else { return }
        var stats = ReplyStats(
            promptTokens: 31, cachedTokens: 0, generatedTokens: 230, firstTokenSeconds: 0.09, tokensPerSecond: 214,
            stop: stop)
        (stats.reasoningTokens, stats.reasoningSeconds) = thought
        send(.reply(id, .finished(stats)))
    }
}
