import Replies
import Testing

@testable import Inference

/// Models whose layers remember a state of fixed size, which cannot be cut to an earlier position.
struct RecurrentStatesTests {
    static let names = ["qwen3_next", "mamba2", "lfm2"]

    private func engine(_ name: String) throws -> Engine {
        try Engine(
            model: try Model.load(path: Golden.path("checkpoints/\(name)")),
            options: EngineOptions(threads: 2, cacheType: .f32, prefillBatch: 16))
    }

    /// The likeliest tokens after a prompt, and what the engine says of it.
    private func reply(_ engine: Engine, _ prompt: [Int32]) async throws -> (tokens: [Int32], stats: ReplyStats) {
        let events = try await events(engine, .greedy(.tokens(prompt), maxTokens: 12))
        return (events.tokens, try #require(events.stats))
    }

    private static let prompt = FamilyTests.prompt(vocabulary: 96)

    @Test(arguments: names)
    func repliesAreTheSameWithWhatIsRemembered(_ name: String) async throws {
        let warm = try engine(name)
        let first = try await reply(warm, Self.prompt)
        #expect(first.stats.cachedTokens == 0)

        // Once more: all but the last token is remembered.
        let again = try await reply(warm, Self.prompt)
        #expect(again.stats.cachedTokens == Self.prompt.count - 1)
        #expect(again.tokens == first.tokens)

        // The conversation goes on: everything is remembered.
        let longer = Self.prompt + first.tokens + [5, 6, 7]
        let next = try await reply(warm, longer)
        #expect(next.stats.cachedTokens >= Self.prompt.count + first.tokens.count - 1)
        #expect(next.tokens == (try await reply(try engine(name), longer)).tokens)
    }

    /// A template that leaves out thoughts changes a few tokens before the reply, too.
    @Test(arguments: names)
    func theEndOfAPromptMayChange(_ name: String) async throws {
        let warm = try engine(name)
        _ = try await reply(warm, Self.prompt)
        let changed = Self.prompt.dropLast(4) + [9, 8, 7, 6, 5, 4, 3]
        let found = try await reply(warm, Array(changed))
        #expect(found.stats.cachedTokens == Self.prompt.count - 17)
        #expect(found.tokens == (try await reply(try engine(name), Array(changed))).tokens)
    }

    @Test(arguments: names)
    func anotherPromptBeginsAgain(_ name: String) async throws {
        let warm = try engine(name)
        _ = try await reply(warm, Self.prompt)
        let other = Array(Self.prompt.reversed())
        let found = try await reply(warm, other)
        #expect(found.stats.cachedTokens == 0)
        #expect(found.tokens == (try await reply(try engine(name), other)).tokens)
    }

    /// After a pass that was stopped in its middle, the state before it is used.
    @Test(arguments: names)
    func stoppedPassesLeaveNothingBehind(_ name: String) async throws {
        let warm = try engine(name)
        try await warm.stopPrefill(of: Self.prompt, after: 20)
        let found = try await reply(warm, Self.prompt)
        #expect((1..<32).contains(found.stats.cachedTokens))
        #expect(found.tokens == (try await reply(try engine(name), Self.prompt)).tokens)
    }

    @Test func nothingIsDrafted() async throws {
        let engine = try engine("mamba2")
        let stats = try await reply(engine, Array(Self.prompt.prefix(8)) + Self.prompt.prefix(8)).stats
        #expect(stats.draftedTokens == 0)
    }

    @Test func aDraftModelWithoutUseIsReportedOnce() async throws {
        let model = try Model.load(path: Golden.path("checkpoints/mamba2"))
        let engine = try Engine(model: model, draft: model, options: EngineOptions(threads: 2))
        let warning = ReplyEvent.notice(.other("\(ModelWarning.noDrafts)"))
        let request = GenerationRequest.greedy(.tokens([1, 2, 3]), maxTokens: 4)
        let first = try await events(engine, request)
        #expect(first.filter { $0 == warning }.count == 1)
        #expect(first.stats?.draftedTokens == 0)
        #expect(!(try await events(engine, request)).contains(warning))
    }

    @Test func plansCountStatesAndTheirCopies() throws {
        let source = try OpenedSource.open(Golden.path("checkpoints/mamba2"))
        let config = try #require((source as? CheckpointSource).map { try ModelConfig(try $0.requireSpec(), $0) })
        // Three layers: three tokens of 64 + 2 · 24 channels, and four heads of 16 · 12.
        #expect(RecurrentStates.stateBytes(config) == 3 * 4 * (3 * 112 + 4 * 12 * 16))
        let plan = try #require(try MemoryPlan(source: source))
        #expect(plan.byteCount > 4 * RecurrentStates.stateBytes(config))
        // A model without attention remembers no tokens.
        #expect(plan.contextLength == 1 << 20)
    }
}

extension Engine {
    /// Reads a prompt until a pass reports that it has gone beyond a number of tokens, and stops it there.
    fileprivate func stopPrefill(of tokens: [Int32], after count: Int) throws {
        #expect(throws: EngineError.self) {
            try prefill(tokens, isCancelled: { self.cached.count + 8 > count })
        }
    }
}
