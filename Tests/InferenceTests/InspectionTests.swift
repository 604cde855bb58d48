import Foundation
import Inference
import Replies
import Sampling
import Synchronization
import Testing

/// Token reports and next-token snapshots with the default model. Skipped unless SOTTO_TEST_MODELS is set to its folder.
@Suite(.enabled(if: RealModel.folder != nil, "SOTTO_TEST_MODELS is not set"), .serialized)
struct InspectionTests {
    private let question = [ChatTurn(role: .user, content: "Name three colours.")]

    @Test func greedyTokensAreTheLikeliest() async throws {
        let reply = try await events(try engine(), request(question, maxTokens: 12))
        let reports = reply.reports
        #expect(reports.map(\.chosen.id).starts(with: reply.tokens))
        for report in reports {
            #expect(report.alternatives.count == 8)
            #expect(report.alternatives[0] == report.chosen)
            #expect(report.chosen.after == 1)
            #expect(report.alternatives.dropFirst().allSatisfy { $0.after == 0 })
            #expect(zip(report.alternatives, report.alternatives.dropFirst()).allSatisfy { $0.before >= $1.before })
            #expect((0.0...1.0001).contains(report.alternatives.reduce(0) { $0 + Double($1.before) }))
        }
    }

    /// Probabilities before the chain are the softmax of the logits for the same text as a prompt.
    @Test func probabilitiesMatchTheLogits() async throws {
        let engine = try engine()
        let reply = try await events(engine, request(question, maxTokens: 3))
        let prompt = try await engine.readPrompt(.messages(question)).tokens
        let logits = try await engine.logits(tokens: prompt, all: false)[0]
        let largest = Double(logits.max() ?? 0)
        let total = logits.reduce(0.0) { $0 + exp(Double($1) - largest) }
        let first = try #require(reply.reports.first)
        for alternative in first.alternatives {
            let expected = exp(Double(logits[Int(alternative.id)]) - largest) / total
            #expect(abs(Double(alternative.before) - expected) < 0.02 * expected + 1e-5)
        }
    }

    /// A greedy reply that is continued after any of its own tokens stays the same.
    @Test func aBranchWithTheSameTokenIsTheSameReply() async throws {
        let engine = try engine()
        let question = [ChatTurn(role: .user, content: "Write a short poem about 清水寺 and 👩‍💻.")]
        let whole = try await events(engine, request(question, maxTokens: 40))
        for count in [39, 20, 7, 1] {
            let opened = ChatTurn(role: .assistant, content: "ignored", tokens: Array(whole.tokens.prefix(count)))
            let rest = try await events(engine, request(question + [opened], maxTokens: 40 - count))
            #expect(rest.tokens == Array(whole.tokens.dropFirst(count)))
            let text = try #require(engine.model.tokenizer).decode(Array(whole.tokens.prefix(count)))
            // A character that was cut in two is complete in the rest.
            #expect(whole.text.hasSuffix(rest.text))
            #expect(text.filter { $0 != "\u{FFFD}" }.utf8.count + rest.text.utf8.count >= whole.text.utf8.count)
        }
    }

    /// A character of several tokens, cut after the first one: the continuation has the complete character.
    @Test func completesACutCharacter() async throws {
        let engine = try engine()
        let tokenizer = try #require(engine.model.tokenizer)
        let tokens = tokenizer.encode("寺")
        #expect(tokens.count > 1)
        var forced = SamplingSettings()
        forced.temperature = 0
        forced.logitBias = [tokens[1]: 1000]
        let options = GenerationOptions(sampling: forced, maxTokens: 1)
        let opened = ChatTurn(role: .assistant, content: "", tokens: [tokens[0]])
        let reply = try await events(
            engine, GenerationRequest(prompt: .messages(question + [opened]), options: { options }))
        #expect(reply.tokens == [tokens[1]])
        #expect(reply.text == tokenizer.decode(Array(tokens[0...1])))
    }

    @Test func predictsTheNextTokenAndKeepsTheCache() async throws {
        let engine = try engine()
        let whole = try await events(engine, request(question, maxTokens: 16))
        let seen = Beginning()
        for count in [16, 5, 0] {
            let opened = ChatTurn(role: .assistant, content: "", tokens: Array(whole.tokens.prefix(count)))
            var next = try await engine.nextToken(request(question + [opened], maxTokens: 1), progress: seen.note)
            let trace = next.trace(SamplingSettings(), rows: 12)
            #expect(trace.vocabulary == engine.model.summary.vocabularyCount)
            if count < 16 { #expect(trace.rows[0].probabilities.token == whole.tokens[count]) }
            // Only the last token is computed, and the tokens after it stay in the cache.
            #expect(seen.first.withLock { $0 }.map { $0.total - $0.done } == 1)
        }
        let again = try await events(
            engine,
            request(
                question + [
                    ChatTurn(role: .assistant, content: "", tokens: whole.tokens)
                ], maxTokens: 4))
        let stats = try #require(again.stats)
        #expect(stats.cachedTokens == stats.promptTokens - 1)
    }

    /// Scoring a reply from its text gives about the same probabilities as generating it.
    @Test func scoresMatchThoseOfTheGeneratedReply() async throws {
        let engine = try engine()
        var sampling = SamplingSettings()
        sampling.seed = 11
        let options = GenerationOptions(sampling: sampling, maxTokens: 24, alternatives: 8)
        let written = try await events(
            engine, GenerationRequest(prompt: .messages(question), options: { options }))
        let opened = ChatTurn(role: .assistant, content: written.text)
        let scoring = GenerationRequest(prompt: .messages(question + [opened]), options: { options })
        let scored = try await self.engine().score(scoring)
        #expect(scored.map(\.chosen.id) == written.tokens)
        // Large batches round differently than single tokens, and 8-bit activations turn tiny differences into steps: a
        // single probability can differ by more than 0.1, but the average hardly does.
        let off = zip(scored, written.reports).map { abs($0.chosen.before - $1.chosen.before) }
        #expect(off.reduce(0, +) / Float(off.count) < 0.05)
        #expect(scored.allSatisfy { $0.alternatives.count == 8 })

        let stopped = GenerationRequest(
            prompt: .messages(question + [opened]), options: { options }, isCancelled: { true })
        await #expect(throws: EngineError.cancelled) { _ = try await self.engine().score(stopped) }
        #expect(try await engine.score(request(question, maxTokens: 1)).isEmpty)
    }

    @Test func reportsNothingByDefault() async throws {
        let engine = try engine()
        let silent = try await events(engine, .greedy(.messages(question), maxTokens: 4))
        #expect(silent.chunks.allSatisfy { $0.details == nil })
        #expect(!silent.contains { if case .next = $0 { true } else { false } })
        let options = GenerationOptions(maxTokens: 4, isWatched: true)
        let watched = try await events(
            engine, GenerationRequest(prompt: .messages(question), options: { options }))
        #expect(watched.contains { if case .next = $0 { true } else { false } })
    }

    private func request(_ turns: [ChatTurn], maxTokens: Int) -> GenerationRequest {
        var sampling = SamplingSettings()
        sampling.temperature = 0
        let options = GenerationOptions(sampling: sampling, maxTokens: maxTokens, alternatives: 8)
        return GenerationRequest(prompt: .messages(turns), options: { options })
    }

    private func engine() throws -> Engine {
        try Engine(
            model: try Model.load(path: RealModel.smol.path), options: EngineOptions(threads: 2, contextLength: 512))
    }
}

/// Records where the latest prefill began.
private final class Beginning: Sendable {
    let first = Mutex<(done: Int, total: Int)?>(nil)

    @Sendable func note(_ done: Int, _ total: Int) {
        first.withLock { if done < total { $0 = (done, total) } }
    }
}

extension [ReplyEvent] {
    fileprivate var reports: [ReplyToken] { chunks.compactMap(\.details) }
}
