import Chat
import Foundation
import HTTP
import Replies
import Testing

@testable import Services

/// llama.cpp's llama-server with the default model, which `scripts/check-providers` builds and starts. Skipped unless
/// `SOTTO_TEST_LLAMA` is its address, and `SOTTO_TEST_LLAMA_THINKING` that of one whose every reply thinks first.
@Suite(.serialized, .enabled(if: server(thinks: false) != nil, "SOTTO_TEST_LLAMA is not set"))
struct RealServerTests {
    private static func provider(
        _ kind: ServiceKind, path: String = "", thinks: Bool = false
    ) throws -> ServiceProvider {
        let address = try #require(server(thinks: thinks))
        let key = try #require(APIKey("sk-no-key-needed"))
        let service = Service(id: kind.rawValue, kind: kind, baseURL: address + path, key: .literal(key))
        return ServiceProvider(service, client: HTTPClient(HTTPClient.Options()), keys: KeyRing(environment: [:]))
    }

    private let compatible = Result { try provider(.compatible, path: "/v1") }

    private func settings(_ maxTokens: Int, _ change: (inout GenerationSettings) -> Void = { _ in })
        -> GenerationSettings
    {
        var settings = GenerationSettings()
        settings.sampling.temperature = 0
        settings.maxTokens = maxTokens
        change(&settings)
        return settings
    }

    @Test func listsItsModel() async throws {
        let model = try #require(try await compatible.get().models().first)
        #expect(model.reference.name == "smollm2")
        #expect(model.contextLength == 4096)
    }

    @Test func repliesWithEverythingItReports() async throws {
        let question = Message.user("Write one sentence about the sea.")
        let (log, error) = try await compatible.get().run([question], model: "smollm2", settings: settings(24))
        #expect(error == nil)
        #expect(!log.text.isEmpty)
        let stats = try #require(log.stats)
        #expect(stats.stop == .tokenLimit || stats.stop == .endOfTurn)
        #expect((20...60).contains(stats.promptTokens))
        #expect((5...24).contains(stats.generatedTokens))
        #expect(stats.tokensPerSecond > 0)
        #expect(stats.firstTokenSeconds > 0)
        let used = log.events.compactMap { if case .context(let used, let limit) = $0 { [used, limit] } else { nil } }
        #expect(used.last?.last == 4096)
    }

    @Test func showsProbabilitiesOfTheTokens() async throws {
        let (log, error) = try await compatible.get().run(
            [.user("Name three colours.")], model: "smollm2", settings: settings(12))
        #expect(error == nil)
        let tokens = log.chunks.compactMap(\.details)
        #expect(tokens.count >= 5)
        #expect(ReplyToken.text(of: tokens).hasPrefix(log.text.prefix(20)))
        for token in tokens {
            #expect((0...1).contains(token.chosen.before))
            #expect(token.alternatives.map(\.before).reduce(0, +) <= 1.001)
        }
        // With temperature 0 the most likely token is chosen.
        let first = try #require(tokens.first)
        #expect(first.alternatives.first?.bytes == first.chosen.bytes)
    }

    /// A prompt of more than one batch is read in visible steps.
    @Test func showsHowALongPromptIsRead() async throws {
        let long = (1...500).map { "word\($0)" }.joined(separator: " ")
        let (log, error) = try await compatible.get().run(
            [.user("\(UUID()) " + long)], model: "smollm2", settings: settings(4))
        #expect(error == nil)
        let steps = log.events.compactMap { event -> (done: Int, total: Int)? in
            if case .prefill(let done, let total, _) = event { (done, total) } else { nil }
        }
        #expect(steps.count >= 3)
        #expect(steps.map(\.done) == steps.map(\.done).sorted())
        #expect(steps.last.map { $0.done == $0.total } == true)
    }

    @Test func findsTheBeginningOfAConversationInItsCache() async throws {
        let provider = try compatible.get()
        var messages = [Message.user("\(UUID()): what is the capital of France?")]
        let (first, _) = await provider.run(messages, model: "smollm2", settings: settings(8))
        messages += [.assistant(first), .user("And of Italy?")]
        let (second, error) = await provider.run(messages, model: "smollm2", settings: settings(8))
        #expect(error == nil)
        #expect(second.stats?.cachedTokens ?? 0 > 20)
    }

    @Test func stopsWhenTheUserDoes() async throws {
        let cancellation = Cancellation()
        let (log, error) = try await compatible.get().run(
            [.user("Count from one to one thousand.")], model: "smollm2", settings: settings(2000),
            cancellation: cancellation
        ) { event in
            if case .chunk = event { cancellation.cancel() }
        }
        #expect(error == nil)
        #expect(log.stats?.stop == .cancelled)
        #expect(log.chunks.count < 50)
    }

    @Test func endsAtAStopText() async throws {
        let (log, error) = try await compatible.get().run(
            [.user("Count from one to ten, like this: 1, 2, 3")], model: "smollm2",
            settings: settings(60) { $0.stop = ["5"] })
        #expect(error == nil)
        #expect(!log.text.contains("5"))
    }

    @Test func continuesAReply() async throws {
        let provider = try compatible.get()
        let question = Message.user("Which animal says meow?")
        let (rest, error) = await provider.run(
            [question, .assistant("The animal that says meow is the")], model: "smollm2", settings: settings(3))
        #expect(error == nil)
        // It repeats what it continues; only what is new arrives.
        #expect(!rest.text.isEmpty)
        #expect(!rest.text.contains("The animal"))
    }

    @Test func saysThatAConversationIsTooLong() async throws {
        let long = String(repeating: "word ", count: 5000)
        let (_, error) = try await compatible.get().run([.user(long)], model: "smollm2", settings: settings(4))
        guard case .tooLong = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(.enabled(if: server(thinks: true) != nil, "SOTTO_TEST_LLAMA_THINKING is not set"))
    func separatesThinkingFromTheAnswer() async throws {
        let provider = try Self.provider(.compatible, path: "/v1", thinks: true)
        let (log, error) = await provider.run([.user("Hello")], model: "smollm2", settings: settings(60))
        #expect(error == nil)
        #expect(!log.reasoning.isEmpty)
        #expect(!log.text.isEmpty)
        #expect(!(log.text + log.reasoning).contains("think>"))
    }

    /// It speaks two more protocols, which its authors have written from the same references.
    @Test(arguments: [(ServiceKind.anthropic, ""), (.openai, "/v1")])
    func speaksOtherProtocols(kind: ServiceKind, path: String) async throws {
        let provider = try Self.provider(kind, path: path)
        var messages = [Message.user("Name three colours.")]
        let (first, error) = await provider.run(messages, model: "smollm2", settings: settings(16))
        #expect(error == nil)
        #expect(!first.text.isEmpty)
        #expect(first.stats?.promptTokens ?? 0 > 10)
        #expect(first.stats?.generatedTokens ?? 0 > 5)
        messages += [.assistant(first), .user("And three more?")]
        let (second, secondError) = await provider.run(messages, model: "smollm2", settings: settings(16))
        #expect(secondError == nil)
        #expect(!second.text.isEmpty)
    }
}

private func server(thinks: Bool) -> String? {
    ProcessInfo.processInfo.environment[thinks ? "SOTTO_TEST_LLAMA_THINKING" : "SOTTO_TEST_LLAMA"]
}
