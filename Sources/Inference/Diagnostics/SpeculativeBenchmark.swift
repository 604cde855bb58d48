import Replies
import Sampling

/// The speed of a reply with and without speculative decoding.
public struct SpeculativeBenchmark: Sendable, Equatable {
    public var conversation: String
    /// Tokens of the reply.
    public var tokens: Int
    /// Tokens per second, medians.
    public var without: Double
    public var with: Double
    /// Drafted and accepted tokens of a reply, medians.
    public var drafted: Int
    public var accepted: Int
    /// Whether all replies were the same, as they should be.
    public var repliesAgree: Bool

    /// A named prompt to measure.
    public struct Conversation: Sendable {
        public var name: String
        public var prompt: Prompt

        public init(name: String, prompt: Prompt) {
            self.name = name
            self.prompt = prompt
        }
    }
}

extension Engine {
    /// Generates greedy replies alternately with and without speculative decoding, each `repetitions` times after a
    /// warm-up.
    public func benchmark(
        _ conversation: SpeculativeBenchmark.Conversation, maxTokens: Int, repetitions: Int
    ) throws(EngineError) -> SpeculativeBenchmark {
        var runs: [Bool: [(tokens: [Int32], stats: ReplyStats)]] = [:]
        for repetition in 0...max(1, repetitions) {
            for speculates in repetition.isMultiple(of: 2) ? [false, true] : [true, false] {
                let run = try reply(conversation.prompt, maxTokens: maxTokens, speculates: speculates)
                if repetition > 0 { runs[speculates, default: []].append(run) }
            }
        }
        let (without, with) = (runs[false] ?? [], runs[true] ?? [])
        let first = without.first?.tokens ?? []
        func median(_ value: (ReplyStats) -> Double) -> Double { with.map { value($0.stats) }.median }
        return SpeculativeBenchmark(
            conversation: conversation.name, tokens: first.count,
            without: without.map(\.stats.tokensPerSecond).median, with: median(\.tokensPerSecond),
            drafted: Int(median { Double($0.draftedTokens) }), accepted: Int(median { Double($0.acceptedTokens) }),
            repliesAgree: (without + with).allSatisfy { $0.tokens == first })
    }

    private func reply(
        _ prompt: Prompt, maxTokens: Int, speculates: Bool
    ) throws(EngineError) -> (tokens: [Int32], stats: ReplyStats) {
        var sampling = SamplingSettings()
        sampling.temperature = 0
        let options = GenerationOptions(sampling: sampling, maxTokens: maxTokens, speculates: speculates)
        var tokens: [Int32] = []
        var stats: ReplyStats?
        try run(GenerationRequest(prompt: prompt, options: { options })) { event in
            switch event {
            case .chunk(let chunk): if let token = chunk.token { tokens.append(token) }
            case .finished(let final): stats = final
            default: break
            }
        }
        guard let stats, stats.stop != .cancelled else { throw .cancelled }
        return (tokens, stats)
    }
}
