import Sampling

extension Engine {
    /// The whole course of one reply. Whatever ends it, the cache holds exactly the tokens in `cached` afterwards.
    func run(_ request: GenerationRequest, emit: (EngineEvent) -> Void) throws(EngineError) {
        let start = ContinuousClock.now
        let isCancelled = { request.isCancelled() || Task.isCancelled }
        let options = request.options()
        let prompt = try read(request.prompt, replyTokens: options.maxTokens, emit: emit)
        var stats = GenerationStats(
            promptTokens: prompt.tokens.count, cachedTokens: 0, generatedTokens: 0, firstTokenSeconds: 0,
            tokensPerSecond: 0, stop: .cancelled)
        do throws(EngineError) {
            stats.cachedTokens = try prefill(prompt.tokens, isCancelled: isCancelled) { done, kept in
                emit(.prefill(done: done, total: prompt.tokens.count, cached: kept))
            }
        } catch .cancelled {
            return emit(.finished(stats))
        }

        // Drawn seeds are short enough to be read out and typed in again.
        let seed = options.sampling.seed ?? UInt64(UInt32.random(in: .min ... .max))
        emit(.started(seed: seed))
        var sampler = chain(options.sampling, seed: seed)
        for token in prompt.tokens { sampler.accept(token) }
        var text = ReplyText(tokenizer: model.tokenizer, splitter: prompt.splitter, continuing: prompt.opened)
        var ahead = SpeculativeDecoding(prompt: prompt.tokens)
        defer { dropDraft(ahead) }
        try write(
            request, start: start, impliedStops: prompt.impliedStops, isCancelled: isCancelled, sampler: &sampler,
            ahead: &ahead, text: &text, stats: &stats, emit: emit)
        for rest in text.finish(stopped: stats.stop == .stopText) { emit(rest) }
        emit(.context(used: ahead.count, limit: contextLength))
        (stats.draftedTokens, stats.acceptedTokens) = (ahead.drafted, ahead.accepted)
        emit(.finished(stats))
    }

    /// The token loop. Settings and cancellation are looked at before every token.
    private func write(
        _ request: GenerationRequest, start: ContinuousClock.Instant, impliedStops: [String],
        isCancelled: () -> Bool, sampler: inout SamplerChain, ahead: inout SpeculativeDecoding, text: inout ReplyText,
        stats: inout GenerationStats,
        emit: (EngineEvent) -> Void
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
            if options.isWatched, watch.isDue { emit(.next(sampler.snapshot(logits: logits))) }
            let forced = reasoning.forcedToken(limit: options.reasoningBudget, in: text.openTag, model.tokenizer)
            let token = forced ?? sampler.sample(logits: logits)
            if options.alternatives > 0 {
                emit(.token(report(on: token, logits, alternatives: options.alternatives, sampler)))
            }
            let now = ContinuousClock.now
            if let firstToken {
                stats.tokensPerSecond = Double(stats.generatedTokens) / (now - firstToken).seconds
            } else {
                firstToken = now
                stats.firstTokenSeconds = (now - start).seconds
            }
            guard !ends.contains(token) else {
                stats.stop = .endOfTurn
                return
            }
            sampler.accept(token)
            stats.generatedTokens += 1
            reasoning.count(isReasoning: text.openTag != nil, now: now)
            let piece = text.push(token, stops: options.stop + impliedStops)
            for event in piece.events { emit(event) }
            if piece.stopped {
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
            emit(.context(used: ahead.count + 1, limit: contextLength))
            let room = contextLength - ahead.count - 1
            let wanted = options.maxTokens > 0 ? options.maxTokens - stats.generatedTokens - 1 : room
            try append(
                token, to: &ahead, drafting: options.speculates ? min(room, wanted) : 0, isCancelled: isCancelled)
        }
        stats.stop = .cancelled
    }
}

extension Duration {
    /// The duration as a number of seconds.
    var seconds: Double { self / .seconds(1) }
}
