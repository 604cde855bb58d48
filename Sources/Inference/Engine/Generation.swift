import Replies
import Sampling

extension Engine {
    /// Generates one reply. However it ends, the KV cache then holds exactly the tokens in `cached`.
    func run(_ request: GenerationRequest, onEvent: (ReplyEvent) -> Void) throws(EngineError) {
        let start = ContinuousClock.now
        let isCancelled = { request.isCancelled() || Task.isCancelled }
        let options = request.options()
        for warning in unreportedWarnings { onEvent(.notice(.other("\(warning)"))) }
        unreportedWarnings = []
        let prompt = try read(request.prompt, replyTokens: options.maxTokens, onEvent: onEvent)
        var stats = ReplyStats(promptTokens: prompt.tokens.count, stop: .cancelled)
        do throws(EngineError) {
            stats.cachedTokens = try prefill(prompt.tokens, isCancelled: isCancelled) { done, kept in
                onEvent(.prefill(done: done, total: prompt.tokens.count, cached: kept))
            }
        } catch .cancelled {
            return onEvent(.finished(stats))
        }

        // Random seeds are short enough to be read out and typed in again.
        let seed = options.sampling.seed ?? UInt64(UInt32.random(in: .min ... .max))
        onEvent(.started(seed: seed, fingerprint: nil))
        onEvent(.context(used: prompt.tokens.count, limit: contextLength))
        var sampler = chain(options.sampling, seed: seed)
        for token in prompt.tokens { sampler.accept(token) }
        var text = ReplyText(
            tokenizer: model.tokenizer, splitter: prompt.splitter, impliedStops: prompt.impliedStops,
            continuing: prompt.opened)
        var ahead = SpeculativeDecoding(prompt: prompt.tokens)
        defer { dropDraft(ahead) }
        try write(
            request, start: start, isCancelled: isCancelled, sampler: &sampler, ahead: &ahead, text: &text,
            stats: &stats, onEvent: onEvent)
        if let rest = text.finish(isStopped: stats.stop == .stopText) { onEvent(.chunk(rest)) }
        onEvent(.context(used: ahead.count, limit: contextLength))
        (stats.draftedTokens, stats.acceptedTokens) = (ahead.drafted, ahead.accepted)
        onEvent(.finished(stats))
    }

    /// The token loop. Reads settings and checks for cancellation before every token.
    private func write(
        _ request: GenerationRequest, start: ContinuousClock.Instant,
        isCancelled: () -> Bool, sampler: inout SamplerChain, ahead: inout SpeculativeDecoding, text: inout ReplyText,
        stats: inout ReplyStats,
        onEvent: (ReplyEvent) -> Void
    ) throws(EngineError) {
        let ends = model.tokenizer?.endOfGeneration ?? []
        var repetition = RepetitionDetector()
        var watch = Interval(.milliseconds(100))
        var reasoning = ReasoningBudget()
        defer { (stats.reasoningTokens, stats.reasoningSeconds) = reasoning.total(now: .now) }
        var firstToken: ContinuousClock.Instant?
        while !isCancelled() {
            let options = request.options()
            guard options.maxTokens <= 0 || stats.generatedTokens < options.maxTokens else {
                stats.stop = .tokenLimit
                return
            }
            sampler.update(options.sampling)
            let logits = try logits(&ahead)
            if options.isWatched, watch.isDue { onEvent(.next(sampler.snapshot(logits: logits))) }
            let forced = reasoning.forcedToken(limit: options.reasoningBudget, in: text.openTag, model.tokenizer)
            let token = forced ?? sampler.sample(logits: logits)
            let details =
                options.alternatives > 0
                ? details(of: token, logits, alternatives: options.alternatives, sampler) : nil
            let now = ContinuousClock.now
            if let firstToken {
                stats.tokensPerSecond = Double(stats.generatedTokens) / (now - firstToken).seconds
            } else {
                firstToken = now
                stats.firstTokenSeconds = (now - start).seconds
            }
            guard !ends.contains(token) else {
                if let details { onEvent(.chunk(ReplyChunk(details: details, contextUsed: ahead.count))) }
                stats.stop = .endOfTurn
                return
            }
            sampler.accept(token)
            stats.generatedTokens += 1
            reasoning.count(isReasoning: text.openTag != nil, now: now)
            var (chunk, isStopped) = text.push(token, stops: options.stop)
            chunk.details = details
            chunk.contextUsed = min(ahead.count + 1, contextLength)
            onEvent(.chunk(chunk))
            if isStopped {
                stats.stop = .stopText
                return
            }
            if repetition.push(token) != nil {
                stats.stop = .repetition
                return
            }
            guard ahead.count < contextLength else {
                stats.stop = .contextFull
                return
            }
            let room = contextLength - ahead.count - 1
            let wanted = options.maxTokens > 0 ? options.maxTokens - stats.generatedTokens - 1 : room
            try append(
                token, to: &ahead, drafting: options.speculates ? min(room, wanted) : 0, isCancelled: isCancelled)
        }
        stats.stop = .cancelled
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { self / .seconds(1) }
}
