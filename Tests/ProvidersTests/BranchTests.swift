import Chat
import Foundation
import Inference
import Providers
import Replies
import Testing

private let models = ProcessInfo.processInfo.environment["SOTTO_TEST_MODELS"].map { URL(filePath: $0) }

/// The common beginning of branches is read only once: only tokens that are not in the cache are computed.
@Suite(.enabled(if: models != nil, "needs SOTTO_TEST_MODELS; scripts/test sets it"))
struct BranchTests {
    private let provider: LocalProvider
    private let engine: Engine
    private let model = ModelReference(provider: "local", name: "SmolLM2-135M-Instruct.Q4_1")
    private static let contextLength = 512

    init() async throws {
        provider = LocalProvider(discovery: ModelDiscovery(own: models), threads: 2)
        engine = try await provider.engine(for: model, contextLength: Self.contextLength)
    }

    private func message(_ role: Message.Role, _ content: String) -> Message {
        Message(
            id: Message.ID(rawValue: UUID().uuidString), parent: nil, role: role,
            created: Date(timeIntervalSince1970: 0), content: content)
    }

    /// The prompt's tokens, the reply and its statistics.
    private func reply(to messages: [Message]) async throws -> (prompt: [Int32], text: Message, stats: ReplyStats) {
        var settings = GenerationSettings()
        settings.maxTokens = 6
        settings.sampling.temperature = 0
        settings.contextLength = Self.contextLength
        let request = ReplyRequest(model: model, system: nil, messages: messages, settings: LiveSettings(settings))
        var text = ""
        var stats: ReplyStats?
        for try await event in provider.reply(to: request) {
            if case .chunk(let chunk) = event { text += chunk.text }
            if case .finished(let end) = event { stats = end }
        }
        let turns = messages.map { ChatTurn(role: $0.role == .user ? .user : .assistant, content: $0.content) }
        return (try await engine.readPrompt(.messages(turns)).tokens, message(.assistant, text), try #require(stats))
    }

    private func shared(_ a: [Int32], _ b: [Int32]) -> Int { zip(a, b).prefix { $0 == $1 }.count }

    @Test func onlyNewTokensAreComputed() async throws {
        let question = message(.user, "Name a city in Japan, and say in a few words what there is to see.")
        let first = try await reply(to: [question])
        #expect(first.stats.cachedTokens == 0)

        // Regenerated: all of the prompt is cached; its last token is computed again for its logits.
        let again = try await reply(to: [question])
        #expect(again.stats.cachedTokens == again.stats.promptTokens - 1)

        // The next turn: prompt and reply are cached.
        let history = [question, first.text]
        let left = try await reply(to: history + [message(.user, "And the food?")])
        #expect(left.stats.cachedTokens >= first.prompt.count)
        #expect(left.stats.cachedTokens < left.stats.promptTokens)

        // Edited, then back to the previous branch, and again: the common beginning is never read twice.
        let right = try await reply(to: history + [message(.user, "Is it far from the capital?")])
        #expect(right.stats.cachedTokens == shared(left.prompt, right.prompt))
        let leftAgain = try await reply(to: history + [message(.user, "And the food?")])
        #expect(leftAgain.stats.cachedTokens == shared(right.prompt, left.prompt))
        let rightAgain = try await reply(to: history + [message(.user, "Is it far from the capital?")])
        #expect(rightAgain.stats.cachedTokens == shared(left.prompt, right.prompt))
        #expect(shared(left.prompt, right.prompt) > first.prompt.count)

        // Cached keys and values are the same as computed ones.
        #expect([leftAgain.text.content, rightAgain.text.content] == [left.text.content, right.text.content])
    }

    @Test func continuedReplyReusesTheCache() async throws {
        let question = message(.user, "Count from one to ten in words.")
        let first = try await reply(to: [question])
        #expect(first.stats.stop == .tokenLimit)
        let more = try await reply(to: [question, first.text])
        #expect(more.stats.cachedTokens >= first.prompt.count)
        #expect(more.stats.promptTokens > first.prompt.count)
        #expect(!more.text.content.isEmpty)
    }
}
