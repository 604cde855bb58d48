/// A text that finds earlier occurrences of its latest tokens, since what followed there is likely to follow again.
/// (Prompt lookup decoding, Saxena 2023.) Summaries quote, edited code repeats the original, lists repeat their format.
///
/// Positions are linked by the two tokens that end there, like in LZ77 compressors: a token costs one table entry, a
/// lookup a few comparisons.
package struct NGramIndex {
    /// An earlier occurrence of the text's latest tokens.
    package struct Match: Equatable {
        /// The number of matching tokens, 2…`longest`.
        package var length: Int
        /// The position after the match.
        package var next: Int

        package init(length: Int, next: Int) {
            self.length = length
            self.next = next
        }
    }

    /// Longer matches do not predict better.
    package static let longest = 16
    /// The number of most recent positions to compare: a frequent pair can have thousands.
    private static let mostCandidates = 64

    package private(set) var tokens: [Int32]
    /// For each pair of tokens, the end of its latest occurrence.
    private var latest: [UInt64: Int32] = [:]
    /// For each position, the end of the previous occurrence of the same pair; -1 for none.
    private var earlier: [Int32] = []

    package init(_ tokens: [Int32]) {
        self.tokens = tokens
        earlier.reserveCapacity(tokens.count)
        for position in tokens.indices { link(position) }
    }

    package mutating func append(_ token: Int32) {
        tokens.append(token)
        link(tokens.count - 1)
    }

    private mutating func link(_ position: Int) {
        guard position > 0 else { return earlier.append(-1) }
        let pair =
            UInt64(UInt32(bitPattern: tokens[position - 1])) << 32 | UInt64(UInt32(bitPattern: tokens[position]))
        earlier.append(latest.updateValue(Int32(position), forKey: pair) ?? -1)
    }

    /// The longest match; of equally long ones, the latest. Nil if the last two tokens have not occurred together before.
    package var match: Match? {
        guard let last = tokens.indices.last else { return nil }
        var best: Match?
        var position = Int(earlier[last])
        for _ in 0..<Self.mostCandidates where position >= 0 {
            let length = commonLength(position, last)
            if length > best?.length ?? 0 { best = Match(length: length, next: position + 1) }
            guard length < Self.longest else { break }
            position = Int(earlier[position])
        }
        return best
    }

    /// The tokens after a match. At the end of the text, continues with the draft's own beginning, like a text that
    /// repeats itself.
    package func continuation(_ match: Match, count: Int) -> [Int32] {
        var draft: [Int32] = []
        for position in match.next..<match.next + count {
            draft.append(position < tokens.count ? tokens[position] : draft[position - tokens.count])
        }
        return draft
    }

    /// The number of equal tokens up to and including two positions.
    private func commonLength(_ position: Int, _ later: Int) -> Int {
        var length = 0
        while length < Self.longest, length <= position, tokens[position - length] == tokens[later - length] {
            length += 1
        }
        return length
    }
}
