import Foundation
import Inference
import Replies
import Sampling
import Synchronization
import Testing

/// Speculative decoding must only change the speed: all events of a reply, including the probabilities of its tokens, are
/// compared bit for bit with those of the same reply without it.
struct SpeculativeDecodingTests {
    static let sets = InstructionSet.available
    /// Those with every kind of attention, and some with experts.
    static let names = [
        "llama", "llama-yarn", "qwen2", "qwen3", "gemma2", "gemma3", "phi3-short", "phi3-long", "gpt-oss", "qwen3moe",
        "gemma4-experts", "mpt", "deepseek",
    ]

    // MARK: Replies

    /// Random models of many families with every instruction set, beyond the sliding window and across the bounds of
    /// attention's splits. The first reply samples and drafts by lookup; the second is greedy and the model drafts for
    /// itself, so that most passes are full.
    @Test(arguments: names, sets)
    func repliesAreTheSame(_ name: String, _ set: InstructionSet) async throws {
        let vocabulary = try Model.load(path: Golden.path("tiny/\(name).gguf")).summary.vocabularyCount
        for (temperature, draft) in [(0.4, nil), (0, name)] as [(Float, String?)] {
            let request = Reply(
                prompt: FamilyTests.prompt(vocabulary: vocabulary), temperature: temperature, maxTokens: 150)
            let plain = try await request.events(try tiny(name, set: set), speculates: false)
            let ahead = try await request.events(try tiny(name, draft: draft, set: set), speculates: true)
            #expect(ahead.untimed == plain.untimed)
            #expect(plain.stats?.draftedTokens == 0)
            let stats = try #require(ahead.stats)
            #expect(stats.generatedTokens == plain.stats?.generatedTokens && stats.stop == plain.stats?.stop)
            #expect(draft == nil || stats.acceptedTokens > 70)
            #expect(stats.acceptedTokens <= stats.draftedTokens)
        }
    }

    @Test(arguments: KVCacheType.allCases)
    func worksWithEveryCacheType(_ type: KVCacheType) async throws {
        let request = Reply(temperature: 0, maxTokens: 100)
        let plain = try await request.events(try tiny("gemma2", cache: type), speculates: false)
        let ahead = try await request.events(try tiny("gemma2", cache: type), speculates: true)
        #expect(ahead.untimed == plain.untimed)
        #expect(try #require(ahead.stats).acceptedTokens > 0)
    }

    /// Penalties, DRY and Mirostat have state, which drafts must not affect.
    @Test func draftsDoNotAffectStatefulSamplers() async throws {
        var penalised = SamplingSettings()
        penalised.repeatPenalty = 1.2
        penalised.frequencyPenalty = 0.2
        penalised.dryMultiplier = 0.4
        penalised.temperature = 0.3
        var surprised = SamplingSettings()
        surprised.mirostat = .v2
        surprised.temperature = 0.5
        for sampling in [penalised, surprised] {
            var request = Reply(temperature: 0, maxTokens: 120)
            request.sampling = sampling
            request.sampling.seed = 5
            let plain = try await request.events(try tiny("llama"), speculates: false)
            let ahead = try await request.events(try tiny("llama"), speculates: true)
            #expect(ahead.untimed == plain.untimed)
            #expect(try #require(ahead.stats).draftedTokens > 0)
        }
    }

    /// Replies end in the middle of a draft, at every position.
    @Test func limitsEndRepliesInTheMiddleOfADraft() async throws {
        let engines = (plain: try tiny("llama"), ahead: try tiny("llama"))
        for count in 1...24 {
            let request = Reply(temperature: 0, maxTokens: count)
            let plain = try await request.events(engines.plain, speculates: false)
            let ahead = try await request.events(engines.ahead, speculates: true)
            #expect(ahead.untimed == plain.untimed)
            #expect(ahead.stats?.stop == .tokenLimit)
            #expect(ahead.stats?.cachedTokens == plain.stats?.cachedTokens)
        }
        for context in 49...60 {
            let request = Reply(temperature: 0, maxTokens: 0)
            let plain = try await request.events(try tiny("llama", context: context), speculates: false)
            let ahead = try await request.events(try tiny("llama", context: context), speculates: true)
            #expect(ahead.untimed == plain.untimed)
            #expect(ahead.stats?.stop == .contextFull)
        }
        // The loop is detected at the same token.
        let endless = Reply(temperature: 0, maxTokens: 450)
        let plain = try await endless.events(engines.plain, speculates: false)
        let ahead = try await endless.events(engines.ahead, speculates: true)
        #expect(ahead.untimed == plain.untimed)
        #expect(ahead.stats?.stop == plain.stats?.stop)
    }

    /// The user changes settings and stops the reply in the middle of drafts.
    @Test func settingsAndCancellationApplyFromTheNextToken() async throws {
        for (change, end) in [(5, 30), (6, 31), (7, 40), (8, 42)] {
            var request = Reply(temperature: 0, maxTokens: 100)
            request.change = change
            request.cancelledAt = end
            let plain = try await request.events(try tiny("llama"), speculates: false)
            let ahead = try await request.events(try tiny("llama"), speculates: true)
            #expect(ahead.untimed == plain.untimed)
            #expect(ahead.stats?.stop == .cancelled)
            #expect(try #require(ahead.stats).draftedTokens > 0)
        }
    }

    // MARK: The cache

    /// After a reply, the cache is the same as without speculative decoding: the next reply reuses as much of it and is
    /// the same, also as with an empty cache.
    @Test func draftsDoNotStayInTheCache() async throws {
        let (plain, ahead) = (try tiny("gemma3"), try tiny("gemma3"))
        var prompt = FamilyTests.prompt
        for length in [17, 30, 41] {
            let request = Reply(prompt: prompt, temperature: 0, maxTokens: length)
            let first = try await request.events(plain, speculates: false)
            let second = try await request.events(ahead, speculates: true)
            #expect(first.untimed == second.untimed)
            #expect(first.stats?.cachedTokens == second.stats?.cachedTokens)
            prompt += first.tokens + [3, 1, 4]
        }
        let next = Reply(prompt: prompt, temperature: 1, maxTokens: 1).request(true)
        let kept = try await ahead.nextToken(next)
        #expect(kept == (try await plain.nextToken(next)))
        #expect(nmse(kept.logits, try await tiny("gemma3").nextToken(next).logits) < 1e-4)
    }

    // MARK: Draft models

    /// The drafts of another model do not change the reply.
    @Test(arguments: [0, 0.8] as [Float])
    func draftModelsDoNotChangeReplies(_ temperature: Float) async throws {
        let request = Reply(temperature: temperature, maxTokens: 150)
        let plain = try await request.events(try tiny("llama"), speculates: false)
        let ahead = try await request.events(try tiny("llama", draft: "qwen3"), speculates: true)
        #expect(ahead.untimed == plain.untimed)
        #expect(try #require(ahead.stats).draftedTokens > 100)
    }

    /// A model that drafts for itself is nearly always right, and reuses its cache for the next prompt.
    @Test func draftModelsReuseTheirCache() async throws {
        let (plain, ahead) = (try tiny("qwen3"), try tiny("qwen3", draft: "qwen3"))
        var prompt = FamilyTests.prompt
        for _ in 0..<3 {
            let request = Reply(prompt: prompt, temperature: 0, maxTokens: 40)
            let first = try await request.events(plain, speculates: false)
            let second = try await request.events(ahead, speculates: true)
            #expect(first.untimed == second.untimed)
            let stats = try #require(second.stats)
            #expect(stats.acceptedTokens * 10 >= stats.draftedTokens * 9)
            prompt = Array(prompt.dropLast(20)) + first.tokens + [7, 2]
        }
    }

    @Test func draftModelsDraftNothingBeyondTheirContext() async throws {
        // phi3-short has a context of 256 tokens, the other model a longer one.
        let prompt = (0..<250).map { Int32(($0 * 37 + 11) % 96) }
        let request = Reply(prompt: prompt, temperature: 0, maxTokens: 30)
        let plain = try await request.events(try tiny("llama"), speculates: false)
        let ahead = try await request.events(try tiny("llama", draft: "phi3-short"), speculates: true)
        #expect(ahead.untimed == plain.untimed)
    }

    // MARK: The distribution

    /// The frequencies of a drafted token over many seeds, compared with the exact probabilities from the model's logits.
    /// (Pearson's test; draws are seeded, so the result is always the same.)
    @Test func tokensAreDrawnFromTheModelsDistribution() async throws {
        let prompt = Array(FamilyTests.prompt.prefix(12))
        let replies = 1500
        let engine = try tiny("llama", draft: "llama")
        var counts = [Double](repeating: 0, count: 96)
        var drafted = 0
        var accepted = 0
        var sampling = SamplingSettings()
        (sampling.topK, sampling.topP, sampling.minP, sampling.temperature) = (0, 1, 0, 1)
        for seed in 0..<replies {
            var request = Reply(prompt: prompt, temperature: 0, maxTokens: 3)
            request.sampling = sampling
            request.sampling.seed = UInt64(seed)
            let events = try await request.events(engine, speculates: true)
            counts[Int(events.tokens[1])] += 1
            drafted += events.stats?.draftedTokens ?? 0
            accepted += events.stats?.acceptedTokens ?? 0
        }
        #expect(drafted >= replies && accepted > replies / 50)

        let other = try tiny("llama")
        let first = softmax(try await other.logits(tokens: prompt, all: false)[0], temperature: 1)
        var expected = [Double](repeating: 0, count: 96)
        for (token, chance) in first.enumerated() {
            let second = try await other.logits(tokens: prompt + [Int32(token)], all: false)[0]
            for (next, share) in softmax(second, temperature: 1).enumerated() { expected[next] += chance * share }
        }
        let bins = expected.indices.filter { expected[$0] * Double(replies) >= 5 }
        let rest = (
            counted: counts.reduce(0, +) - bins.reduce(0) { $0 + counts[$1] },
            expected: Double(replies) * (1 - bins.reduce(0) { $0 + expected[$1] })
        )
        func term(_ counted: Double, _ expected: Double) -> Double {
            (counted - expected) * (counted - expected) / expected
        }
        let statistic =
            bins.reduce(0) { $0 + term(counts[$1], expected[$1] * Double(replies)) }
            + (rest.expected > 0.5 ? term(rest.counted, rest.expected) : 0)
        let freedom = Double(bins.count)
        #expect(freedom > 10)
        // Five standard deviations of the chi-squared distribution.
        #expect(statistic < freedom + 5 * (2 * freedom).squareRoot(), "\(statistic) for \(freedom)")
    }

    private func softmax(_ logits: [Float], temperature: Double) -> [Double] {
        let largest = Double(logits.max() ?? 0)
        let weights = logits.map { exp((Double($0) - largest) / temperature) }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }

    private func tiny(
        _ name: String, draft: String? = nil, set: InstructionSet? = nil, cache: KVCacheType = .f16, context: Int? = nil
    ) throws -> Engine {
        try Engine(
            model: try Model.load(path: Golden.path("tiny/\(name).gguf")),
            draft: try draft.map { try Model.load(path: Golden.path("tiny/\($0).gguf")) },
            options: EngineOptions(
                threads: 2, contextLength: name == "phi3-short" ? 256 : context, cacheType: cache, instructionSet: set))
    }
}

/// The real models. Skipped unless SOTTO_TEST_MODELS is set to their folder.
@Suite(.enabled(if: RealModel.folder != nil, "SOTTO_TEST_MODELS is not set"), .serialized)
struct RealSpeculativeDecodingTests {
    static let prompts = [
        "Repeat this list and change cherry to mango: apple, banana, cherry, plum, apple, banana, cherry, plum, pear",
        """
        Add a comment to each line of this function:
        def area(width, height):
            if width < 0 or height < 0:
                raise ValueError("width and height must not be negative")
            return width * height
        """,
    ]

    @Test(arguments: zip(RealModel.allCases, [2, 1]))
    func repliesAreTheSame(_ real: RealModel, _ prompts: Int) async throws {
        let engines = (plain: try engine(real), ahead: try engine(real))
        var accepted = 0
        for (index, text) in Self.prompts.prefix(prompts).enumerated() {
            for temperature in [0, 0.7] as [Float] {
                var request = Reply(temperature: temperature, maxTokens: 50)
                request.text = text
                request.sampling.seed = UInt64(index)
                let plain = try await request.events(engines.plain, speculates: false)
                let ahead = try await request.events(engines.ahead, speculates: true)
                #expect(ahead.untimed == plain.untimed)
                #expect(ahead.stats?.cachedTokens == plain.stats?.cachedTokens)
                accepted += ahead.stats?.acceptedTokens ?? 0
            }
        }
        #expect(accepted > 10 * prompts)
    }

    /// A stop string that ends in the middle of a draft.
    @Test func stopStringsEndReplies() async throws {
        let engines = (plain: try engine(.smol), ahead: try engine(.smol))
        var request = Reply(temperature: 0, maxTokens: 40)
        request.text = Self.prompts[1]
        let whole = try await request.events(engines.plain, speculates: false).text
        _ = try await request.events(engines.ahead, speculates: false)
        for start in [20, 45, 60] {
            request.stop = [String(whole.dropFirst(start).prefix(9))]
            let plain = try await request.events(engines.plain, speculates: false)
            let ahead = try await request.events(engines.ahead, speculates: true)
            #expect(ahead.untimed == plain.untimed)
            #expect(ahead.stats?.stop == .stopText)
        }
    }

    /// Costs are measured here, as in normal use, so drafts differ between runs, but replies do not.
    @Test func measuredCostsDoNotChangeReplies() async throws {
        var request = Reply(temperature: 0.5, maxTokens: 60)
        request.text = Self.prompts[0]
        let plain = try await request.events(try engine(.smol), speculates: false)
        request.costsAreMeasured = true
        for _ in 0..<2 {
            let ahead = try await request.events(try engine(.smol), speculates: true)
            #expect(ahead.untimed == plain.untimed)
        }
    }

    @Test func rejectsDraftModelsWithAnotherVocabulary() throws {
        let (smol, gemma) = (try Model.load(path: RealModel.smol.path), try Model.load(path: RealModel.gemma.path))
        #expect {
            _ = try Engine(model: gemma, draft: smol, options: EngineOptions(contextLength: 64))
        } throws: { "\($0)".contains("cannot draft for") && "\($0)".contains("vocabularies differ from token 0 on") }
        #expect(throws: Never.self) { try Engine(model: smol, draft: smol, options: EngineOptions(contextLength: 64)) }
    }

    private func engine(_ real: RealModel) throws -> Engine {
        try Engine(model: try Model.load(path: real.path), options: EngineOptions(threads: 2, contextLength: 1024))
    }
}

/// A reply to be generated twice.
private struct Reply {
    var prompt = FamilyTests.prompt
    var text: String?
    var sampling = SamplingSettings()
    var maxTokens: Int
    var stop: [String] = []
    /// The number of the settings check from which on the temperature differs.
    var change: Int?
    /// The number of the cancellation check that returns true, not counting those during prefill.
    var cancelledAt: Int?
    var costsAreMeasured = false

    init(prompt: [Int32] = FamilyTests.prompt, temperature: Float, maxTokens: Int) {
        self.prompt = prompt
        self.maxTokens = maxTokens
        sampling.temperature = temperature
        sampling.seed = 11
    }

    func request(_ speculates: Bool) -> GenerationRequest {
        let looks = Mutex(0)
        let reply = self
        var options = GenerationOptions(
            sampling: sampling, maxTokens: maxTokens, stop: stop, speculates: speculates, alternatives: 4)
        if change != nil { options.sampling.temperature = 0 }
        let base = options
        return GenerationRequest(
            prompt: text.map { .messages([ChatTurn(role: .user, content: $0)]) } ?? .tokens(prompt),
            options: {
                let look = looks.withLock {
                    $0 += 1; return $0
                }
                var options = base
                if let change = reply.change, look >= change { options.sampling.temperature = 0.6 }
                if let change = reply.change, look % 9 == change { options.speculates = false }
                return options
            },
            isCancelled: { reply.cancelledAt.map { end in looks.withLock { $0 >= end } } ?? false })
    }

    func events(_ engine: Engine, speculates: Bool) async throws -> [ReplyEvent] {
        if !costsAreMeasured { await engine.ignoreCosts() }
        return try await InferenceTests.events(engine, request(speculates))
    }
}

extension Engine {
    /// Makes additional tokens of a pass free, so that everything possible is drafted.
    fileprivate func ignoreCosts() {
        passCosts = PassCosts(fixed: Array(repeating: 1, count: passCosts.mostTokens))
    }
}

extension [ReplyEvent] {
    /// Without what depends on the clock: the figures at the end, and how often reading the prompt is reported.
    fileprivate var untimed: [ReplyEvent] {
        filter { event in
            switch event {
            case .finished, .prefill: false
            default: true
            }
        }
    }
}
