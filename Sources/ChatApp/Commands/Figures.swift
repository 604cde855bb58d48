import Replies
import Chat

extension AppState {
    /// How the replies of the session went, all branches included, and how fast each model was.
    var figures: String {
        let replies = session.record.conversation.messages.compactMap {
            message -> (model: String, stats: ReplyStats)? in
            guard let origin = message.origin, let stats = origin.stats else { return nil }
            return (displayName(of: origin.model), stats)
        }
        guard !replies.isEmpty else { return "no reply has been written yet" }
        let models = replies.map(\.model).uniqued()
        let parts = models.map { model in figures(of: replies.filter { $0.model == model }.map(\.stats), model) }
        return parts.joined(separator: "\n\n")
    }

    private func figures(of replies: [ReplyStats], _ model: String) -> String {
        func total(_ value: (ReplyStats) -> Int) -> Int { replies.reduce(0) { $0 &+ max(0, value($1)) } }
        func middle(_ value: (ReplyStats) -> Double) -> Double {
            let values = replies.map(value).filter { $0.isFinite && $0 > 0 }.sorted()
            return values.isEmpty ? 0 : values[values.count / 2]
        }
        let prompt = total(\.promptTokens), cached = total(\.cachedTokens)
        let share = prompt > 0 ? " (\(min(100, cached * 100 / prompt)) % were in memory)" : ""
        let drafted = total(\.draftedTokens), accepted = total(\.acceptedTokens)
        let rows: [(String, String?)] = [
            ("replies", "\(replies.count)"), ("tokens written", "\(total(\.generatedTokens))"),
            ("tokens read", "\(prompt)\(share)"), ("speed", Format.rate(middle(\.tokensPerSecond))),
            ("first token", Format.seconds(middle(\.firstTokenSeconds))),
            ("drafted", drafted > 0 ? "\(drafted) (\(min(100, accepted * 100 / drafted)) % were right)" : nil),
        ]
        return ([model] + rows.compactMap { name, value in value.map { "  " + name.padded(to: 17) + $0 } })
            .joined(separator: "\n")
    }
}
