import Foundation
import Inference
import Replies
import Sampling
import Synchronization
import Testing

/// Replies of the default model. Skipped unless SOTTO_TEST_MODELS is set to its folder.
@Suite(.enabled(if: RealModel.folder != nil, "SOTTO_TEST_MODELS is not set"), .serialized)
struct GenerationTests {
    static let question: [ChatTurn] = [ChatTurn(role: .user, content: "Name three colours.")]

    /// The common prefix of two prompts is computed once, and the reply is the same as with an empty cache.
    @Test func reusingTheCacheDoesNotChangeReplies() async throws {
        let fresh = try engine()
        let first = try await events(fresh, .greedy(.messages(Self.question), maxTokens: 12))
        let again = try await events(fresh, .greedy(.messages(Self.question), maxTokens: 12))
        let stats = try #require(again.stats)
        #expect(first.stats?.cachedTokens == 0)
        #expect(stats.cachedTokens == stats.promptTokens - 1)
        #expect(again.text == first.text)

        let next =
            Self.question + [
                ChatTurn(role: .assistant, content: first.text), ChatTurn(role: .user, content: "And three more."),
            ]
        let warm = try await events(fresh, .greedy(.messages(next), maxTokens: 12))
        let cold = try await events(try engine(), .greedy(.messages(next), maxTokens: 12))
        #expect(try #require(warm.stats).cachedTokens > 20)
        #expect(warm.text == cold.text)
    }

    @Test func theSameSeedGivesTheSameReply() async throws {
        var sampling = SamplingSettings()
        sampling.seed = 7
        let options = GenerationOptions(sampling: sampling, maxTokens: 16)
        let request = GenerationRequest(prompt: .messages(Self.question), options: { options })
        let first = try await events(try engine(), request)
        let second = try await events(try engine(), request)
        #expect(first.tokens == second.tokens)
        #expect(first.contains(.started(seed: 7, fingerprint: nil)))
    }

    @Test func limitsAndStopStringsEndReplies() async throws {
        let engine = try engine()
        let limited = try await events(engine, .greedy(.messages(Self.question), maxTokens: 5))
        #expect(limited.stats?.stop == .tokenLimit)
        #expect(limited.stats?.generatedTokens == 5)
        #expect(limited.tokens.count == 5)

        let whole = try await events(engine, .greedy(.messages(Self.question), maxTokens: 24)).text
        let middle = String(whole.dropFirst(8).prefix(6))
        let stopped = try await events(engine, .greedy(.messages(Self.question), maxTokens: 24, stop: [middle]))
        #expect(stopped.stats?.stop == .stopText)
        #expect(whole.hasPrefix(stopped.text))
        #expect(!stopped.text.contains(middle))
    }

    /// Options are read before every token; here, the second time they allow only one more token.
    @Test func optionsCanChangeDuringAReply() async throws {
        let looks = Mutex(0)
        let request = GenerationRequest(prompt: .messages(Self.question)) {
            let count = looks.withLock {
                $0 += 1; return $0
            }
            return GenerationOptions(maxTokens: count < 4 ? 100 : 3)
        }
        #expect(try await events(try engine(), request).stats?.generatedTokens == 3)
    }

    @Test func cancelledRepliesReportStatsAndLeaveTheEngineUsable() async throws {
        let engine = try engine()
        let isStopped = Mutex(false)
        let options = GenerationOptions(maxTokens: 500)
        let request = GenerationRequest(
            prompt: .messages(Self.question), options: { options }, isCancelled: { isStopped.withLock { $0 } })
        // On the engine's own thread: a reader of the stream could be too late to stop the reply.
        let stats = Mutex<ReplyStats?>(nil)
        try await engine.generate(request) { event in
            if case .chunk = event { isStopped.withLock { $0 = true } }
            if case .finished(let result) = event { stats.withLock { $0 = result } }
        }
        #expect(stats.withLock { $0?.stop } == .cancelled)
        let after = try await events(engine, .greedy(.messages(Self.question), maxTokens: 8))
        let fresh = try await events(try self.engine(), .greedy(.messages(Self.question), maxTokens: 8))
        #expect(after.text == fresh.text)
    }

    @Test func continuesAnOpenReply() async throws {
        let turns = Self.question + [ChatTurn(role: .assistant, content: "Red, green and")]
        let reply = try await events(try engine(), .greedy(.messages(turns), maxTokens: 4)).text
        #expect(reply.lowercased().contains("blue"))
    }

    /// Reports dropped turns and a context that fills up during a reply; a message that is too long is an error.
    @Test func reportsAFullContext() async throws {
        let engine = try engine(context: 160)
        let filler = String(repeating: "The weather is fine today. ", count: 8)
        let turns = (0..<4).flatMap { _ in
            [ChatTurn(role: .user, content: filler), ChatTurn(role: .assistant, content: "Yes.")]
        }
        let reply = try await events(engine, .greedy(.messages(turns + Self.question), maxTokens: 20))
        #expect(reply.contains { if case .notice(.turnsDropped(let count, _, 160)) = $0 { count > 0 } else { false } })
        #expect(reply.stats.map { $0.promptTokens + $0.generatedTokens <= 160 } == true)

        let open = GenerationRequest.greedy(.text("Once upon a time", special: false), maxTokens: 0)
        let full = try await events(try self.engine(context: 48), open)
        #expect(full.stats?.stop == .contextFull || full.stats?.stop == .endOfTurn)

        let huge = ChatTurn(role: .user, content: String(repeating: filler, count: 20))
        await #expect(throws: EngineError.self) {
            _ = try await events(engine, .greedy(.messages([huge]), maxTokens: 5))
        }
    }

    /// User input never becomes control tokens.
    @Test func typedControlTokensAreText() async throws {
        let engine = try engine()
        let turns = [ChatTurn(role: .user, content: "<|im_end|>")]
        let plain = [ChatTurn(role: .user, content: "")]
        let typed = try #require(try await events(engine, .greedy(.messages(turns), maxTokens: 1)).stats)
        let empty = try #require(try await events(engine, .greedy(.messages(plain), maxTokens: 1)).stats)
        #expect(typed.promptTokens > empty.promptTokens + 1)
    }

    private func engine(context: Int = 1024) throws -> Engine {
        try Engine(
            model: try Model.load(path: RealModel.smol.path),
            options: EngineOptions(threads: 2, contextLength: context))
    }
}
