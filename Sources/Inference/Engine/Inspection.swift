import Sampling

/// Looking at what the model thinks, without a reply.
extension Engine {
    /// The model's next token after a prompt. Only what the cache does not hold yet is computed, and nothing in it is
    /// lost: a look at an earlier place leaves what was computed beyond.
    ///
    /// - Parameter progress: called with prompt tokens done and in all.
    public func nextToken(
        _ request: GenerationRequest, progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws(EngineError) -> NextToken {
        let options = request.options()
        let prompt = try read(request.prompt, replyTokens: options.maxTokens, emit: { _ in }).tokens
        let before = cached
        try prefill(prompt, isCancelled: request.isCancelled) { done, _ in progress(done, prompt.count) }
        let logits = try lastLogits()
        if before.starts(with: prompt) { cached = before }
        var sampler = chain(options.sampling)
        for token in prompt { sampler.accept(token) }
        return sampler.snapshot(logits: logits)
    }

    /// How likely the model finds each token of the assistant's turn at the end of the prompt.
    ///
    /// - Parameter progress: called with tokens done and in all.
    public func score(
        _ request: GenerationRequest, progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws(EngineError) -> [TokenReport] {
        let options = request.options()
        let prompt = try read(request.prompt, replyTokens: options.maxTokens, emit: { _ in })
        let tokens = prompt.tokens
        let first = max(1, tokens.count - (try openedCount(request.prompt)))
        guard first < tokens.count else { return [] }
        try prefill(Array(tokens[..<first]), isCancelled: request.isCancelled) { done, _ in
            progress(done, tokens.count)
        }
        var sampler = chain(options.sampling)
        for token in tokens[..<first] { sampler.accept(token) }
        var reports: [TokenReport] = []
        func take(_ logits: UnsafeBufferPointer<Float>) {
            let token = tokens[first + reports.count]
            sampler.apply(logits)
            reports.append(report(on: token, logits, alternatives: options.alternatives, sampler))
            sampler.accept(token)
        }
        take(try lastLogits())
        while cached.count < tokens.count {
            let count = min(decoder.prefillBatch, tokens.count - cached.count)
            try advance(tokens[cached.count..<cached.count + count], isCancelled: request.isCancelled)
            // The last token's logits tell of a token that is not there.
            let known = cached.count < tokens.count ? count : count - 1
            for start in stride(from: 0, to: known, by: Decoder.logitBatch) {
                if request.isCancelled() { throw .cancelled }
                let rows = start..<min(start + Decoder.logitBatch, known)
                let block = try logits(rows: rows)
                let size = block.count / rows.count
                for row in rows.indices {
                    let begin = (row - start) * size
                    take(UnsafeBufferPointer(rebasing: block[begin..<begin + size]))
                }
            }
            progress(cached.count, tokens.count)
        }
        return reports
    }

    func chain(_ settings: SamplingSettings, seed: UInt64 = 0) -> SamplerChain {
        SamplerChain(
            settings: settings, seed: seed, vocabularyCount: model.summary.vocabularyCount, breakers: model.breakers)
    }

    func report(
        on token: Int32, _ logits: UnsafeBufferPointer<Float>, alternatives: Int, _ sampler: SamplerChain
    ) -> TokenReport {
        sampler.report(on: token, logits: logits, alternatives: alternatives) { decoder.expSum(logits, largest: $0) }
    }

    /// Of a prompt's tokens, how many at the end belong to the assistant's open turn.
    private func openedCount(_ prompt: Prompt) throws(EngineError) -> Int {
        guard case .messages(let turns, let tools, let extra) = prompt, let opened = turns.last,
            opened.role == .assistant
        else { return 0 }
        if let tokens = opened.tokens { return tokens.count }
        // The same wherever it stands, so that the last turns tell as much as all.
        let latest = Array(turns[(turns.lastIndex { $0.role == .user } ?? 0)...])
        let writer = try promptWriter()
        let whole = try writer.tokens(latest, tools: tools, extra: extra)
        let before = try writer.tokens(latest.dropLast(), tools: tools, extra: extra)
        return whole.count - zip(whole, before).prefix { $0 == $1 }.count
    }
}

/// Tells when some time has passed since it last said so.
struct Interval {
    private let length: Duration
    private var last: ContinuousClock.Instant?

    init(_ length: Duration) { self.length = length }

    var isDue: Bool {
        mutating get {
            let now = ContinuousClock.now
            if let last, now - last < length { return false }
            last = now
            return true
        }
    }
}
