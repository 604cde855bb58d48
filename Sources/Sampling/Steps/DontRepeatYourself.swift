import Foundation

/// DRY, "don't repeat yourself": makes a token less likely if it would continue a sequence that occurred before; the
/// longer the sequence, the higher the penalty.
///
///     logit ← logit − multiplier · base^(length − allowedLength)      if length ≥ allowedLength
///
/// `length` is the number of latest tokens that also precede an earlier occurrence of the token. It never extends across
/// a sequence breaker, and breakers themselves are not penalised.
/// Reference: p-e-w, https://github.com/oobabooga/text-generation-webui/pull/5677.
struct DontRepeatYourself: SamplerStep {
    var kind: SamplerStepKind { .dontRepeatYourself }
    let multiplier: Float
    let base: Float
    let allowedLength: Int
    /// The number of latest tokens that are searched; negative for all.
    let window: Int
    let breakers: SequenceBreakers

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        let recent = Array(state.history.latest(window).reversed())
        for (token, length) in continuations(of: recent) where !breakers.isBreaker(token) {
            // Finite for any length.
            let penalty = min(Double(multiplier) * pow(Double(base), Double(length - allowedLength)), 1e30)
            candidates.adjust(token) { $0 - Float(penalty) }
        }
    }

    /// The tokens that would extend a repetition, each with the length of the longest one. `recent` is in reverse order:
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

    /// The Z function (Gusfield 1997): for each position, how many items starting there equal the first items. Linear:
    /// [start, end) is the match that extends furthest, inside which earlier results are reused.
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
