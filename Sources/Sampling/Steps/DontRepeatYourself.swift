import Foundation

/// DRY, "don't repeat yourself": makes a token less likely that would go on with a sequence already in the text, the
/// more so the longer the sequence is.
///
///     logit ← logit − multiplier · base^(length − allowedLength)      where length ≥ allowedLength
///
/// `length` counts the latest tokens that also stand before an earlier occurrence of the token. It never reaches back
/// over a sequence breaker, and breakers themselves are not penalised.
/// Reference: p-e-w, https://github.com/oobabooga/text-generation-webui/pull/5677.
struct DontRepeatYourself: SamplerStep {
    var kind: SamplerStepKind { .dontRepeatYourself }
    let multiplier: Float
    let base: Float
    let allowedLength: Int
    /// How many of the latest tokens are searched; negative for all.
    let window: Int
    let breakers: SequenceBreakers

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        let recent = Array(state.history.latest(window).reversed())
        for (token, length) in continuations(of: recent) where !breakers.isBreaker(token) {
            // Finite, however long the repetition.
            let penalty = min(Double(multiplier) * pow(Double(base), Double(length - allowedLength)), 1e30)
            candidates.adjust(token) { $0 - Float(penalty) }
        }
    }

    /// The tokens that would lengthen a repetition, each with the length of the longest one. `recent` runs backwards:
    /// the latest token comes first.
    func continuations(of recent: [Int32]) -> [Int32: Int] {
        guard recent.count > allowedLength else { return [:] }
        let limit = breakers.distance(in: recent)
        guard limit >= allowedLength else { return [:] }
        var longest: [Int32: Int] = [:]
        let matches = Self.prefixMatches(recent)
        for position in recent.indices.dropFirst() {
            let length = min(matches[position], limit)
            guard length >= allowedLength else { continue }
            longest[recent[position - 1], default: 0] = max(longest[recent[position - 1]] ?? 0, length)
        }
        return longest
    }

    /// The Z function (Gusfield 1997): at each position, how many items from there on equal the first ones. Linear:
    /// [start, end) is the match that reaches furthest, and inside it earlier results are used again.
    static func prefixMatches(_ items: [Int32]) -> [Int] {
        var matches = Array(repeating: 0, count: items.count)
        var start = 0
        var end = 0
        for position in items.indices.dropFirst() {
            var length = position < end ? min(end - position, matches[position - start]) : 0
            while position + length < items.count, items[length] == items[position + length] { length += 1 }
            matches[position] = length
            if position + length > end { (start, end) = (position, position + length) }
        }
        return matches
    }
}
