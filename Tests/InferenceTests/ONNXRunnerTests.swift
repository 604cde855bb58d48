import Foundation
import Replies
import Synchronization
import TestSupport
import Testing

import struct ONNXRuntime.LibrarySearch
import class ONNXRuntime.RuntimeLibrary

@testable import Inference

/// Tiny exports, compared with what made them (scripts/golden/onnx_exports.py). Skipped without ONNX Runtime.
@Suite(.enabled(if: LibrarySearch().isSuccessful, "ONNX Runtime is not installed"))
struct ONNXRunnerTests {
    static let names = ["genai-fp32", "genai-int4", "optimum", "merged", "state", "last", "keep"]

    // MARK: Logits

    /// The prompt is computed in one pass, in uneven batches, and token by token. (A 4-bit matrix is multiplied by activations of
    /// 8 bits, differently for several tokens.)
    @Test(arguments: names, [48, 7, 1])
    func logitsAreThoseOfTheReference(_ name: String, _ prefillBatch: Int) async throws {
        let expected = try Golden.floats("onnx/\(name)/logits.f32")
        let engine = try Self.engine(name, prefillBatch: prefillBatch)
        let logits = try await engine.logits(tokens: Self.prompt(expected.count / 48), all: true)
        let limit = name == "genai-int4" ? 1e-3 : ["state", "last"].contains(name) ? 1e-5 : 1e-9
        #expect(nmse(logits.joined(), expected) < limit)
    }

    /// Where a graph is asked for the last logits only, they are those of a pass with all.
    @Test(arguments: names) func theLastLogitsAreThoseOfAll(_ name: String) async throws {
        let engine = try Self.engine(name, prefillBatch: 16)
        let tokens = Self.prompt(engine.model.summary.vocabularyCount)
        let last = try await engine.logits(tokens: tokens, all: false)
        let all = try await engine.logits(tokens: tokens, all: true)
        #expect(nmse(last[0], all[47]) < 1e-5)
    }

    // MARK: What is remembered

    /// A text that begins like the earlier one continues from there, one that departs from it goes back first, and both
    /// compute what a fresh engine does.
    @Test(arguments: names) func reusingWhatIsRememberedChangesNothing(_ name: String) async throws {
        let engine = try Self.engine(name)
        let tokens = Self.prompt(engine.model.summary.vocabularyCount)
        let texts = [tokens, tokens + [5, 6, 7], Array(tokens[..<20]) + [9, 8], [3, 4], Array(tokens[..<30])]
        for text in texts {
            let kept = try await engine.kept(text)
            let warm = try await engine.nextLogits()
            let cold = try await Self.engine(name).logits(tokens: text, all: false)[0]
            #expect(nmse(warm, cold) < (name == "genai-int4" ? 1e-2 : 1e-5), "\(text.count)")
            #expect(name != "state" || kept == 0 || kept == 48)
        }
        // The second text continues the first.
        let continued = try Self.engine(name)
        _ = try await continued.kept(tokens)
        #expect(try await continued.kept(tokens + [5]) == 48)
        // The last token of a text is computed again, for its logits. A state cannot go back to before it.
        #expect(try await continued.kept(tokens) == (name == "state" ? 0 : 47))
    }

    /// A reply that is regenerated starts from the same bits, whatever came after the prompt.
    @Test(arguments: names) func theEndOfAPromptIsTheSameAgain(_ name: String) async throws {
        let engine = try Self.engine(name)
        let tokens = Self.prompt(engine.model.summary.vocabularyCount)
        _ = try await engine.kept(tokens)
        let first = try await engine.nextLogits()
        for rest in [[], [1], [2, 3, 4]] as [[Int32]] {
            _ = try await engine.kept(tokens + rest)
            _ = try await engine.kept(tokens)
            #expect(try await engine.nextLogits() == first)
        }
        // Another text of the same length and end is not taken for it.
        let other = [5] + tokens.dropFirst()
        _ = try await engine.kept(other)
        #expect(try await engine.nextLogits() != first)
    }

    @Test(arguments: names) func aStoppedPassIsForgotten(_ name: String) async throws {
        let engine = try Self.engine(name, prefillBatch: 8)
        let tokens = Self.prompt(engine.model.summary.vocabularyCount)
        _ = try await engine.kept(Array(tokens[..<10]))
        await #expect(throws: EngineError.cancelled) { try await engine.stopped(tokens, after: 2) }
        _ = try await engine.kept(tokens)
        let cold = try await Self.engine(name).logits(tokens: tokens, all: false)[0]
        #expect(nmse(try await engine.nextLogits(), cold) < (name == "genai-int4" ? 1e-2 : 1e-5))
    }

    /// A pass of several tokens takes a quarter of an hour here. It ends soon after it is stopped, and leaves nothing behind.
    @Test func aLongPassStopsSoon() async throws {
        let expected = try Golden.floats("onnx/slow/logits.f32")
        let engine = try Self.engine("slow", prefillBatch: 8)
        let tokens = Self.prompt(40)
        for token in 1...3 { _ = try await engine.kept(Array(tokens[..<token])) }
        let start = ContinuousClock.now
        await #expect(throws: EngineError.cancelled) { try await engine.stopped(tokens, after: 5) }
        #expect(ContinuousClock.now - start < .seconds(60))
        #expect(try await engine.kept(Array(tokens[..<4])) == 3)
        #expect(nmse(try await engine.nextLogits(), expected[3 * 40..<4 * 40]) < 1e-9)
    }

    // MARK: Replies

    @Test(arguments: ["genai-fp32", "genai-int4", "optimum", "merged"])
    func repliesAreTheSameWithAndWithoutWhatIsRemembered(_ name: String) async throws {
        let engine = try Self.engine(name)
        let question = [ChatTurn(role: .user, content: "the and")]
        let first = try await events(engine, .greedy(.messages(question), maxTokens: 24))
        let again = try await events(engine, .greedy(.messages(question), maxTokens: 24))
        let stats = try #require(again.stats)
        #expect(first.tokens.count > 4 && first.tokens == again.tokens)
        #expect(stats.cachedTokens == stats.promptTokens - 1)
        #expect(first.chunks.allSatisfy { $0.details == nil || !($0.details?.alternatives.isEmpty ?? true) })
    }

    /// Looking at the next token in between leaves what comes later as it was.
    @Test(arguments: ["genai-fp32", "optimum"]) func inspectionsDoNotDisturb(_ name: String) async throws {
        let engine = try Self.engine(name)
        let question = [ChatTurn(role: .user, content: "the and")]
        let reply = try await events(engine, .greedy(.messages(question), maxTokens: 12))
        _ = try await engine.nextToken(.greedy(.messages(question), maxTokens: 1))
        let next = question + [ChatTurn(role: .assistant, content: reply.text), ChatTurn(role: .user, content: "on")]
        let warm = try await events(engine, .greedy(.messages(next), maxTokens: 12))
        let cold = try await events(try Self.engine(name), .greedy(.messages(next), maxTokens: 12))
        #expect(warm.tokens == cold.tokens)
        let scored = try await engine.score(
            .greedy(.messages(question + [ChatTurn(role: .assistant, content: reply.text)]), maxTokens: 1))
        #expect(scored.count >= 11)
    }

    @Test func aDraftFromAnExportChangesNoReply() async throws {
        let model = try Model.load(path: Golden.path("onnx/genai-fp32"))
        let options = EngineOptions(threads: 2, contextLength: 128)
        let plain = try Engine(model: model, options: options)
        let draft = try Model.load(path: Golden.path("onnx/optimum"))
        let drafted = try Engine(model: model, draft: draft, options: options)
        let request = GenerationRequest.greedy(.messages([ChatTurn(role: .user, content: "the")]), maxTokens: 12)
        #expect(try await events(plain, request).tokens == events(drafted, request).tokens)
    }

    // MARK: Limits

    @Test func theMemoryOfTheCacheIsPlanned() throws {
        let shared = try #require(try Model.load(path: Golden.path("onnx/genai-fp32")).size)
        let copied = try #require(try Model.load(path: Golden.path("onnx/optimum")).size)
        // Two layers, keys and values, two heads of 16 floats.
        #expect(shared.bytesPerToken(EngineOptions()) == 2 * 2 * 2 * 16 * 4)
        #expect(copied.bytesPerToken(EngineOptions()) == 2 * shared.bytesPerToken(EngineOptions()))
    }

    @Test func whatNeedsTheOwnDecoderIsRefused() async throws {
        let path = Golden.path("onnx/genai-fp32")
        let adapter = Golden.path("checkpoints/llama-adapter")
        #expect(throws: ModelError.self) { try Model.load(path: path, adapters: [adapter]) }
        #expect(throws: ModelError.self) { try CheckpointConverter(path: path, scheme: nil) }
        let engine = try Self.engine("genai-fp32")
        await #expect(throws: EngineError.needsOwnDecoder("An importance matrix")) {
            try await engine.importance(tokens: Self.prompt(272), chunkSize: 16, dataset: "")
        }
    }

    @Test func aBenchmarkMeasuresIt() async throws {
        let result = try await Self.engine("genai-int4").benchmark(.init(prefill: 16, decode: 4, repetitions: 1))
        #expect(try #require(result.decode).fraction > 0)
    }

    @Test func aProviderThatIsMissingIsNamed() async throws {
        let available = try RuntimeLibrary.shared().providers()
        let missing = try #require(ExecutionProvider.allCases.first { !available.contains($0) })
        let error = try #require(throws: EngineError.self) {
            try Engine(
                model: try Model.load(path: Golden.path("onnx/genai-fp32")),
                options: EngineOptions(threads: 1, executionProvider: missing))
        }
        #expect("\(error)".contains(missing.title) && "\(error)".contains("onnx_provider can be"), "\(error)")
    }

    // MARK: Helpers

    static func prompt(_ vocabulary: Int) -> [Int32] { FamilyTests.prompt(vocabulary: vocabulary) }

    static func engine(_ name: String, prefillBatch: Int? = nil) throws -> Engine {
        try Engine(
            model: try Model.load(path: Golden.path("onnx/\(name)")),
            options: EngineOptions(threads: 2, contextLength: 128, prefillBatch: prefillBatch))
    }
}

extension Engine {
    /// Computes a text, and returns how many of its tokens were remembered.
    fileprivate func kept(_ tokens: [Int32]) throws(EngineError) -> Int { try prefill(tokens, isCancelled: { false }) }

    fileprivate func nextLogits() throws(EngineError) -> [Float] { Array(try lastLogits()) }

    /// Computes a text until the engine has asked so many times whether to go on.
    fileprivate func stopped(_ tokens: [Int32], after count: Int) throws(EngineError) {
        var asked = 0
        try prefill(
            tokens,
            isCancelled: {
                asked += 1
                return asked > count
            })
    }
}
