import Foundation

/// A running reply's figures as the status line shows them. They change a few times a second and not with every token:
/// their digits would be most of what is written to the terminal.
struct ShownFigures: Sendable, Equatable {
    var tokens: Int
    var tokensPerSecond: Double?
    var context: ContextUse?
    var taken: Date

    static let interval: TimeInterval = 0.25
}

extension AppState {
    mutating func refreshFigures() {
        guard let reply = session.reply, reply.firstToken != nil else { return }
        if let shown = reply.figures, now.timeIntervalSince(shown.taken) < ShownFigures.interval { return }
        self.session.reply?.figures = ShownFigures(
            tokens: reply.tokens, tokensPerSecond: reply.tokensPerSecond(now: now), context: session.context, taken: now
        )
    }
}
