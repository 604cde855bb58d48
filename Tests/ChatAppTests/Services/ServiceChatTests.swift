import Chat
import ChatApp
import Foundation
import Replies
import TUI
import Testing

/// A chat with models of services: where words go, what it costs, what is not available there.
@Suite struct ServiceChatTests {
    static let claude = ModelReference(provider: "anthropic", name: "claude-sonnet-4-5")
    static var info: ModelInfo {
        var info = ModelInfo(reference: claude, contextLength: 200_000)
        info.price = Price(input: 3, output: 15, cachedInput: 0.3, date: "2026-11-28", source: "a test")
        return info
    }

    // MARK: Leaving this computer

    @Test func firstMessageOfALocalConversationIsConfirmedOnce() {
        var scene = Scene(120, providers: Scene.providers)
        scene.talk("hello", "Hi.")
        scene.enter("/model anthropic:claude-sonnet-4-5")
        #expect(scene.state.session.record.model == Self.claude)
        scene.effects = []
        scene.enter("and this?")
        #expect(!scene.startsReply)
        #expect(scene.notice.contains("This message and the 2 messages before it will be sent to api.anthropic.com"))
        #expect(scene.state.composer.input.text == "and this?")
        scene.wait(0.1)
        scene.press(.enter)
        #expect(!scene.startsReply, "a key that repeats is no answer")
        scene.wait(1)
        scene.press(.enter)
        #expect(scene.startsReply)
        scene.stream("Yes.")
        scene.finish()
        scene.effects = []
        scene.enter("more")
        #expect(scene.startsReply, "asked once only")
    }

    /// Agreeing to one message says nothing about another.
    @Test func anotherMessageIsAskedAboutAgain() {
        var scene = Scene(120, providers: Scene.providers)
        scene.talk("hello", "Hi.")
        scene.enter("/model anthropic:claude-sonnet-4-5")
        scene.effects = []
        scene.enter("and this?")
        scene.wait(60)
        scene.press(.control("u"))
        scene.enter("my password is 1234")
        #expect(!scene.startsReply && scene.notice.contains("Enter again to send"))
        scene.wait(60)
        scene.press(.control("u"))
        scene.enter("/regen")
        #expect(!scene.startsReply, "neither is /regen the second Enter")
        #expect(
            scene.notice == "The conversation (2 messages) will be sent to api.anthropic.com (Anthropic). "
                + "Press r or use /regen again to send")
        scene.wait(60)
        scene.enter("/regen")
        #expect(scene.startsReply)
    }

    @Test func aSessionThatBeganWithTheServiceIsNotAsked() {
        var scene = Scene(model: Self.claude, providers: Scene.providers)
        scene.enter("hello")
        #expect(scene.startsReply)
    }

    @Test func aLocalSessionThatIsOpenedWithARemoteModelIsAsked() {
        var scene = Scene(providers: Scene.providers)
        var conversation = Conversation()
        conversation.append(
            Message(id: conversation.nextID(), parent: nil, role: .user, created: scene.now, content: "x"))
        scene.send(
            .sessionLoaded(SessionRecord(id: "old", created: scene.now, model: Self.claude, conversation: conversation))
        )
        scene.enter("go on")
        #expect(!scene.startsReply)
        for command in ["/regen"] {
            scene.wait(60)
            scene.send(
                .sessionLoaded(
                    SessionRecord(id: "old2", created: scene.now, model: Self.claude, conversation: conversation)))
            scene.effects = []
            scene.enter(command)
            #expect(!scene.startsReply, "\(command) sends the conversation too")
        }
    }

    @Test func serversOnThisComputerAreNotAskedAbout() {
        var scene = Scene(providers: Scene.providers)
        scene.talk("hello", "Hi.")
        scene.enter("/model ollama:qwen3:4b")
        #expect(scene.state.session.record.model == ModelReference(provider: "ollama", name: "qwen3:4b"))
        scene.effects = []
        scene.enter("more")
        #expect(scene.startsReply)
    }

    @Test(arguments: [120, 80, 60, 40, 24, 20]) func theHeaderShowsTheHost(width: Int) {
        let scene = Scene(width, 12, model: Self.claude, providers: Scene.providers)
        #expect(scene.rows[0].contains("→ api.anthropic.c"))
        #expect(!Scene(width, 12, providers: Scene.providers).rows[0].contains("→"))
    }

    // MARK: Models

    @Test func remoteServicesAreListedOnlyWhenAsked() {
        var scene = Scene(120, providers: Scene.providers)
        let effects = scene.press(.function(2))
        #expect(effects == [.listModels])
        #expect(scene.screen.contains("→ api.anthropic.com · Enter lists models"))
        #expect(!scene.screen.contains("Ollama"), "one that does not answer is not running")
        scene.type("anthr")
        #expect(scene.press(.enter) == [.listServiceModels("anthropic")])
        #expect(scene.screen.contains("listing"))
        scene.send(.serviceModelsFailed("anthropic", "Anthropic needs a key: set ANTHROPIC_API_KEY"))
        #expect(scene.screen.contains("set ANTHROPIC_API_KEY"))
        #expect(scene.press(.enter) == [.listServiceModels("anthropic")], "Enter tries again")
        scene.send(.serviceModelsLoaded("anthropic", [Self.info]))
        #expect(scene.screen.contains("claude-sonnet-4-5") && scene.screen.contains("$3.00 per million tokens"))
        scene.press(.enter)
        #expect(scene.state.session.record.model == Self.claude)
        scene.send(.modelsLoaded(Scene.models))
        #expect(scene.state.library.models.last == Self.info, "listing local models again keeps the service's")
    }

    @Test func foundServersAreListed() {
        var scene = Scene(120, providers: Scene.providers)
        let found = ProviderProfile(id: "llama-server", title: "llama-server", place: .thisComputer("127.0.0.1:8080"))
        let model = ModelReference(provider: "llama-server", name: "qwen3")
        scene.send(.servicesFound([found]))
        scene.send(.serviceModelsLoaded("llama-server", [ModelInfo(reference: model)]))
        scene.enter("/model qwen3")
        #expect(scene.state.session.record.model == model)
    }

    @Test func localNamesWithAColonStayLocal() {
        #expect(ModelReference(named: "llama3.2:1b", providers: ["ollama"]).provider == "local")
        let model = ModelReference(named: "ollama:qwen3:4b", providers: ["ollama"])
        #expect(model == ModelReference(provider: "ollama", name: "qwen3:4b") && model.text == "ollama:qwen3:4b")
    }

    @Test func thePreferredModelOfAServiceIsChosenWithoutAskingIt() {
        var scene = Scene(withModel: false, providers: Scene.providers, preferredModel: "anthropic:claude-sonnet-4-5")
        scene.send(.modelsLoaded(Scene.models))
        #expect(scene.state.session.record.model == Self.claude)
        #expect(!scene.effects.contains(.listServiceModels("anthropic")))
    }

    // MARK: Settings

    @Test func settingsThatAServiceLacksAreRefusedAndComeBack() {
        var scene = Scene(120, 40, model: Self.claude, providers: Scene.providers)
        scene.enter("/set mirostat 2")
        #expect(scene.notice == "mirostat is not available from Anthropic")
        scene.enter("/set temperature 1.5")
        #expect(scene.notice.contains("0 to 1"))
        scene.enter("/set top_k 20")
        #expect(scene.state.session.record.settings.sampling.topK == 20)
        scene.press(.function(4))
        #expect(scene.screen.contains("mirostat_tau           5           not available"))
        for _ in 0..<21 { scene.press(.down) }
        #expect(scene.screen.contains("(not available from"))
        scene.press(.right)
        #expect(scene.state.session.record.settings.sampling.mirostat == .off)
        scene.press(.escape)
        scene.enter("/model SmolLM2")
        scene.enter("/set mirostat 2")
        #expect(scene.notice == "mirostat is now 2")
    }

    // MARK: Cost

    @Test func showsTheCostOfReplyAndSession() {
        var scene = Scene(140, model: Self.claude, providers: Scene.providers)
        scene.send(.serviceModelsLoaded("anthropic", [Self.info]))
        scene.enter("hello")
        scene.stream("Hi.")
        var stats = ReplyStats(promptTokens: 1000, generatedTokens: 100, firstTokenSeconds: 1, stop: .endOfTurn)
        stats.cost = Self.info.price?.cost(of: stats)
        #expect(stats.cost?.dollars == 0.0045)
        if let id = scene.state.session.reply?.id { scene.send(.reply(id, .finished(stats))) }
        #expect(scene.screen.contains("first token 1.00 s · $0.0045"))
        #expect(scene.screen.contains("session $0.0045"))
        scene.enter("/stats")
        #expect(scene.screen.contains("$0.0045, prices of 2026-11-28"))
    }

    @Test func showsWhatTheDraftCosts() throws {
        var scene = Scene(140, model: Self.claude, providers: Scene.providers)
        scene.send(.serviceModelsLoaded("anthropic", [Self.info]))
        scene.type("a question")
        scene.wait(1)
        scene.send(.tick)
        let question = try #require(
            scene.keeping.compactMap { if case .countDraft(let question) = $0 { question } else { nil } }.last)
        scene.send(
            .draftCounted(
                number: question.number, DraftCount(text: 1000, conversation: 0, limit: nil, isEstimate: true)))
        #expect(scene.screen.contains("draft ≈ 1,000 tokens, ≈ $0.003"))
    }

    @Test func cachedTokensAreCheaper() {
        var stats = ReplyStats(promptTokens: 1_000_000, cachedTokens: 900_000, generatedTokens: 0, stop: .endOfTurn)
        stats.cacheWriteTokens = 50_000
        let price = Price(input: 3, output: 15, cachedInput: 0.3, cacheWrite: 3.75, date: "", source: "")
        #expect(abs(price.cost(of: stats).dollars - (0.05 * 3 + 0.9 * 0.3 + 0.05 * 3.75)) < 1e-9)
    }

    // MARK: Failures

    @Test func aBusyServiceCountsDown() throws {
        var scene = Scene(140, model: Self.claude, providers: Scene.providers)
        scene.enter("hello")
        let id = try #require(scene.state.session.reply?.id)
        scene.wait(2)
        scene.send(.tick)
        #expect(scene.screen.contains("waiting for Anthropic, 2 s"))
        scene.send(.reply(id, .retrying(reason: "Anthropic is busy (529): overloaded", seconds: 8)))
        #expect(scene.notice == "Anthropic is busy (529): overloaded")
        #expect(scene.screen.contains("Anthropic is busy (529): overloaded · next try in 8 s"))
        scene.wait(5)
        scene.send(.tick)
        #expect(scene.screen.contains("next try in 3 s"))
        #expect(scene.press(.escape) == [.stopReply(id)])
    }

    @Test func enterGoesOnAfterAFailure() throws {
        var scene = Scene(140, model: Self.claude, providers: Scene.providers)
        scene.enter("hello")
        let first = try #require(scene.state.session.reply?.id)
        scene.send(.replyFailed(first, "The connection to Anthropic was refused"))
        #expect(scene.notice == "The connection to Anthropic was refused. Enter or /regen to try again")
        scene.effects = []
        scene.press(.enter)
        #expect(scene.startsReply && scene.path.count == 1)
        scene.stream("Half of the")
        let second = try #require(scene.state.session.reply?.id)
        scene.send(.replyFailed(second, "The connection to Anthropic ended in the middle of the reply"))
        #expect(scene.path.last?.content == "Half of the" && scene.path.last?.origin?.stats?.stop == .interrupted)
        scene.effects = []
        scene.press(.enter)
        #expect(scene.startsReply)
        scene.stream(" answer.")
        scene.finish()
        #expect(scene.path.last?.content == "Half of the answer.")
        scene.effects = []
        scene.press(.enter)
        #expect(!scene.startsReply, "nothing is left to resume")
    }

    /// Reasoning is signed before the first word of the answer comes.
    @Test func whatTheServiceWantsBackIsKeptWithTheMessage() throws {
        var scene = Scene(model: Self.claude, providers: Scene.providers)
        scene.enter("hello")
        let id = try #require(scene.state.session.reply?.id)
        let state = ProviderState(provider: "anthropic", json: "[1]")
        scene.send(.reply(id, .providerState(state)))
        scene.stream("Hi.")
        #expect(scene.path.last?.providerState == state)
        let later = ProviderState(provider: "anthropic", json: "[1,2]")
        scene.send(.reply(id, .providerState(later)))
        scene.finish()
        #expect(scene.path.last?.providerState == later)
    }
}

extension Scene {
    fileprivate var screen: String { rows.joined(separator: "\n") }

    fileprivate var startsReply: Bool {
        effects.contains { if case .startReply = $0 { true } else { false } }
    }
}
