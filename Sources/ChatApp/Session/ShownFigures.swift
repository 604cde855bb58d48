/// A running reply's figures as the status line shows them. They change a few times a second, not with every token:
/// otherwise their digits would be most of what is written to the terminal.
struct ShownFigures: Sendable, Equatable {
    var tokens: Int
    var tokensPerSecond: Double?
    var context: ContextUse?
    var taken: ContinuousClock.Instant

    static let interval: Double = 0.25
}

extension OpenSession {
    mutating func refreshFigures(now: ContinuousClock.Instant) {
        guard let reply, reply.firstToken != nil else { return }
        if let shown = reply.figures, now.seconds(since: shown.taken) < ShownFigures.interval { return }
        self.reply?.figures = ShownFigures(
            tokens: reply.tokens, tokensPerSecond: reply.tokensPerSecond(now: now), context: context, taken: now)
    }
}
