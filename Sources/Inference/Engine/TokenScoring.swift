import Replies
import Sampling

/// Probabilities without generating a reply.
extension Engine {
    /// The distribution of the next token after a prompt. Computes only what is not in the KV cache; cached tokens
    /// beyond the prompt stay cached.
    ///
    /// - Parameter progress: called with the number of prompt tokens computed so far and in all.
    public func nextToken(
        _ request: GenerationRequest, progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws(EngineError) -> NextToken {
        let options = request.options()
        let prompt = try read(request.prompt, replyTokens: options.maxTokens, onEvent: { _ in }).tokens
        let before = cached
        try prefill(prompt, isCancelled: request.isCancelled) { done, _ in progress(done, prompt.count) }
        let logits = try lastLogits()
        if before.starts(with: prompt) { cached = before }
        var sampler = chain(options.sampling)
        for token in prompt { sampler.accept(token) }
        return sampler.snapshot(logits: logits)
    }

    /// The probabilities of each token of the assistant's turn at the end of the prompt.
    ///
    /// - Parameter progress: called with the number of tokens computed so far and in all.
    public func score(
        _ request: GenerationRequest, progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws(EngineError) -> [ReplyToken] {
        let options = request.options()
        let prompt = try read(request.prompt, replyTokens: options.maxTokens, onEvent: { _ in })
        let tokens = prompt.tokens
        let first = max(1, tokens.count - (try openedCount(request.prompt)))
        guard first < tokens.count else { return [] }
        try prefill(Array(tokens[..<first]), isCancelled: request.isCancelled) { done, _ in
            progress(done, tokens.count)
        }
        var sampler = chain(options.sampling)
        for token in tokens[..<first] { sampler.accept(token) }
        var scored: [ReplyToken] = []
        func score(_ logits: UnsafeBufferPointer<Float>) {
            let token = tokens[first + scored.count]
            sampler.apply(logits)
            scored.append(details(of: token, logits, alternatives: options.alternatives, sampler))
            sampler.accept(token)
        }
        score(try lastLogits())
        while cached.count < tokens.count {
            let count = min(runner.prefillBatch, tokens.count - cached.count)
            try advance(tokens[cached.count..<cached.count + count]) { _ in request.isCancelled() }
            // The last token's logits are for a token beyond the turn.
            let known = cached.count < tokens.count ? count : count - 1
            for start in stride(from: 0, to: known, by: runner.logitBatch) {
                if request.isCancelled() { throw .cancelled }
                let rows = start..<min(start + runner.logitBatch, known)
                let block = try logits(rows: rows)
                let size = block.count / rows.count
                for row in rows.indices {
                    let begin = (row - start) * size
                    score(UnsafeBufferPointer(rebasing: block[begin..<begin + size]))
                }
            }
            progress(cached.count, tokens.count)
        }
        return scored
    }

    func chain(_ settings: SamplingSettings, seed: UInt64 = 0) -> SamplerChain {
        SamplerChain(
            settings: settings, seed: seed, vocabularyCount: model.summary.vocabularyCount, breakers: model.breakers)
    }

    /// A token with its probabilities and alternatives.
    func details(
        of token: Int32, _ logits: UnsafeBufferPointer<Float>, alternatives: Int, _ sampler: SamplerChain
    ) -> ReplyToken {
        let report = sampler.report(on: token, logits: logits, alternatives: alternatives) {
            runner.expSum(logits, largest: $0)
        }
        return tokenTexts.token(report)
    }

    /// How many tokens at the end of a prompt belong to the assistant's open turn.
    private func openedCount(_ prompt: Prompt) throws(EngineError) -> Int {
        guard case .messages(let turns, let tools, let extra) = prompt, let opened = turns.last,
            opened.role == .assistant
        else { return 0 }
        if let tokens = opened.tokens { return tokens.count }
        // The count does not depend on earlier turns, so rendering the last ones is enough.
        let latest = Array(turns[(turns.lastIndex { $0.role == .user } ?? 0)...])
        let writer = try model.promptWriter()
        let whole = try writer.tokens(latest, tools: tools, extra: extra)
        let before = try writer.tokens(latest.dropLast(), tools: tools, extra: extra)
        return whole.count - zip(whole, before).prefix { $0 == $1 }.count
    }
}

/// Limits how often something happens.
struct Interval {
    private let length: Duration
    private var last: ContinuousClock.Instant?

    init(_ length: Duration) { self.length = length }

    /// Whether the interval has passed since this was last true.
    var isDue: Bool {
        mutating get {
            let now = ContinuousClock.now
            if let last, now - last < length { return false }
            last = now
            return true
        }
    }
}
