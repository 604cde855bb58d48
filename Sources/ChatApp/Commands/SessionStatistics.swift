import Chat
import Replies

extension AppState {
    /// Counts and speeds of the session's replies by model, all branches included.
    var statistics: String {
        let replies = session.record.conversation.messages.compactMap {
            message -> (model: String, stats: ReplyStats)? in
            guard let origin = message.origin, let stats = origin.stats else { return nil }
            return (displayName(of: origin.model), stats)
        }
        guard !replies.isEmpty else { return "No replies yet" }
        return replies.map(\.model).uniqued().map { model in
            let stats = replies.filter { $0.model == model }.map(\.stats)
            return "\(model)\n\(ReportRows.text(statisticsRows(stats), indent: "  "))"
        }.joined(separator: "\n\n")
    }

    private func statisticsRows(_ replies: [ReplyStats]) -> [(name: String, value: String?)] {
        func total(_ value: (ReplyStats) -> Int) -> Int { replies.reduce(0) { $0 &+ max(0, value($1)) } }
        func median(_ value: (ReplyStats) -> Double) -> Double {
            let values = replies.map(value).filter { $0.isFinite && $0 > 0 }.sorted()
            return values.isEmpty ? 0 : values[values.count / 2]
        }
        let prompt = total(\.promptTokens), cached = total(\.cachedTokens)
        let share = prompt > 0 ? " (\(min(100, cached * 100 / prompt)) % cached)" : ""
        let drafted = total(\.draftedTokens), accepted = total(\.acceptedTokens)
        return [
            ("replies", Format.grouped(replies.count)), ("generated", Format.count(total(\.generatedTokens), "token")),
            ("prompts", "\(Format.count(prompt, "token"))\(share)"), ("speed", Format.rate(median(\.tokensPerSecond))),
            ("first token", "after \(Format.seconds(median(\.firstTokenSeconds)))"),
            ("cost", cost(replies)),
            (
                "drafted",
                drafted > 0
                    ? "\(Format.count(drafted, "token")) (\(min(100, accepted * 100 / drafted)) % accepted)" : nil
            ),
        ]
    }

    /// "$0.012, prices of 2026-11-28"
    private func cost(_ replies: [ReplyStats]) -> String? {
        let costs = replies.compactMap(\.cost)
        guard !costs.isEmpty else { return nil }
        let dates = costs.map(\.priceDate).uniqued().sorted().joined(separator: " and ")
        return "\(CostText.dollars(costs.reduce(0) { $0 + $1.dollars })), prices of \(dates)"
    }
}
