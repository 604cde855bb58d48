import Chat
import Foundation
import Replies

/// What services charge, in words.
public enum CostText {
    /// "$3.00", "$0.125", "$0.0012": three significant digits, so that small amounts do not all look alike, and two
    /// decimal places at least.
    public static func dollars(_ value: Double) -> String {
        guard value.isFinite, value >= 0, value < 1e9 else { return "$?" }
        if value == 0 { return "$0" }
        if value < 1e-6 { return "<$0.000001" }
        let places = value >= 1 ? 2 : 2 - Int(log10(value).rounded(.down))
        var text = Format.decimal(value, places: places)
        let shortest = text.count - max(0, places - 2)
        while text.count > shortest, text.last == "0" { text.removeLast() }
        return "$" + text
    }

    /// "$3 per million tokens"
    static func perMillion(_ dollars: Double) -> String { "\(self.dollars(dollars)) per million tokens" }

    /// Input and output, per million tokens: "$3/$15".
    public static func price(_ price: Price) -> String { "\(dollars(price.input))/\(dollars(price.output))" }
}

extension SessionRecord {
    /// The cost of all replies of all branches; nil if none is known.
    var cost: Double? {
        let costs = conversation.messages.compactMap { $0.origin?.stats?.cost?.dollars }
        return costs.isEmpty ? nil : costs.reduce(0, +)
    }
}

extension AppState {
    /// What sending the draft costs before the reply; nil if the price or the length is not known.
    var draftCost: Double? {
        guard let price = modelInfo?.price, let use = draftUse else { return nil }
        let before = session.context?.used ?? composer.draft.conversationCount?.tokens ?? 0
        return price.cost(ofPrompt: before + use.tokens)
    }
}
