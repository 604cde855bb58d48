/// Searching and splitting in linear time: a template cannot make a search quadratic.
extension JinjaString {
    /// The first occurrence of `part` at or after `start`; the empty string occurs everywhere.
    func firstRange(of part: JinjaString, from start: Int = 0) -> Range<Int>? {
        SearchPattern(part.scalars).firstRange(in: scalars, from: start)
    }

    /// The last occurrence of `part`.
    func lastRange(of part: JinjaString) -> Range<Int>? {
        guard let range = reversed.firstRange(of: part.reversed) else { return nil }
        return count - range.upperBound..<count - range.lowerBound
    }

    /// Occurrences of `part` from the left, not overlapping, at most `limit`. An empty `part` occurs before every
    /// scalar and at the end.
    func ranges(of part: JinjaString, limit: Int = .max) -> [Range<Int>] {
        guard !part.isEmpty else { return (0...count).prefix(limit).map { $0..<$0 } }
        let pattern = SearchPattern(part.scalars)
        var ranges: [Range<Int>] = []
        var position = 0
        while ranges.count < limit, let range = pattern.firstRange(in: scalars, from: position) {
            ranges.append(range)
            position = range.upperBound
        }
        return ranges
    }

    /// The parts between `separators`, which are ranges in order.
    func parts(between separators: [Range<Int>]) -> [JinjaString] {
        var parts: [JinjaString] = []
        var position = 0
        for separator in separators {
            parts.append(slice(position..<separator.lowerBound))
            position = separator.upperBound
        }
        parts.append(slice(position..<count))
        return parts
    }

    /// The range that remains after stripping matching scalars from the ends.
    func strippedRange(left: Bool, right: Bool, _ isStripped: (Unicode.Scalar) -> Bool) -> Range<Int> {
        var lower = 0
        var upper = count
        if left { while lower < upper, isStripped(scalars[lower]) { lower += 1 } }
        if right { while upper > lower, isStripped(scalars[upper - 1]) { upper -= 1 } }
        return lower..<upper
    }
}

/// A search pattern, prepared for the Knuth-Morris-Pratt algorithm.
private struct SearchPattern {
    private let pattern: [Unicode.Scalar]
    /// For each position, the length of the longest proper prefix of the pattern that ends there.
    private let fallbacks: [Int]

    init(_ pattern: [Unicode.Scalar]) {
        self.pattern = pattern
        var fallbacks = [Int](repeating: 0, count: pattern.count)
        var length = 0
        for index in pattern.indices.dropFirst() {
            while length > 0, pattern[index] != pattern[length] { length = fallbacks[length - 1] }
            if pattern[index] == pattern[length] { length += 1 }
            fallbacks[index] = length
        }
        self.fallbacks = fallbacks
    }

    func firstRange(in text: [Unicode.Scalar], from start: Int) -> Range<Int>? {
        guard start <= text.count else { return nil }
        guard !pattern.isEmpty else { return start..<start }
        var matched = 0
        for index in start..<text.count {
            while matched > 0, text[index] != pattern[matched] { matched = fallbacks[matched - 1] }
            if text[index] == pattern[matched] { matched += 1 }
            if matched == pattern.count { return index + 1 - matched..<index + 1 }
        }
        return nil
    }
}
