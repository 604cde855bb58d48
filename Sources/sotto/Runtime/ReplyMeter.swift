import Chat

/// Counts along while a reply streams, for the figures of one that is stopped: whoever cancels a stream hears no more
/// of it.
struct ReplyMeter {
    private let started = ContinuousClock.now
    private var firstText: ContinuousClock.Instant?
    private var promptTokens = 0
    private var cachedTokens = 0
    private var generatedTokens = 0
    private(set) var isFinished = false

    mutating func note(_ event: ReplyEvent) {
        switch event {
        case .prefill(_, let total, let cached): (promptTokens, cachedTokens) = (total, cached)
        case .text(_, let tokens):
            firstText = firstText ?? .now
            generatedTokens += tokens.count
        case .finished: isFinished = true
        case .loading, .started, .context, .notice: break
        }
    }

    /// The figures so far, as those of a reply that the person stopped.
    var cancelledStats: ReplyStats {
        let decoding = firstText.map { ($0.duration(to: .now)).seconds } ?? 0
        return ReplyStats(
            promptTokens: promptTokens, cachedTokens: cachedTokens, generatedTokens: generatedTokens,
            firstTokenSeconds: firstText.map { started.duration(to: $0).seconds } ?? 0,
            tokensPerSecond: generatedTokens > 1 && decoding > 0 ? Double(generatedTokens - 1) / decoding : 0,
            stop: .cancelled)
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
