/// A text that finds where its latest tokens stood before: what followed there may well follow again. (Prompt look-up
/// decoding, Saxena 2023.) Summaries quote, edited code repeats the code, lists repeat their form.
///
/// Places are chained by the two tokens that end there, as compressors of the LZ77 kind chain them: a token costs one entry
/// in a table, a look-up some comparisons.
package struct NGramIndex {
    /// A place where the text's latest tokens stood before.
    package struct Match: Equatable {
        /// How many of the latest tokens are the same there, 2…`longest`.
        package var length: Int
        /// Where in the text it goes on.
        package var next: Int

        package init(length: Int, next: Int) {
            self.length = length
            self.next = next
        }
    }

    /// Longer matches are no better a sign.
    package static let longest = 16
    /// The most recent places are looked at, so many of them: a frequent pair may have thousands.
    private static let mostPlaces = 64

    package private(set) var tokens: [Int32]
    /// For each pair of tokens, where the latest one ends.
    private var latest: [UInt64: Int32] = [:]
    /// For each place, where the same pair ended before; -1 for nowhere.
    private var earlier: [Int32] = []

    package init(_ tokens: [Int32]) {
        self.tokens = tokens
        earlier.reserveCapacity(tokens.count)
        for place in tokens.indices { chain(place) }
    }

    package mutating func append(_ token: Int32) {
        tokens.append(token)
        chain(tokens.count - 1)
    }

    private mutating func chain(_ place: Int) {
        guard place > 0 else { return earlier.append(-1) }
        let pair = UInt64(UInt32(bitPattern: tokens[place - 1])) << 32 | UInt64(UInt32(bitPattern: tokens[place]))
        earlier.append(latest.updateValue(Int32(place), forKey: pair) ?? -1)
    }

    /// The longest match, of equally long ones the latest; nil where the last two tokens never stood together before.
    package var match: Match? {
        guard let last = tokens.indices.last else { return nil }
        var best: Match?
        var place = Int(earlier[last])
        for _ in 0..<Self.mostPlaces where place >= 0 {
            let length = commonLength(place, last)
            if length > best?.length ?? 0 { best = Match(length: length, next: place + 1) }
            guard length < Self.longest else { break }
            place = Int(earlier[place])
        }
        return best
    }

    /// What follows a match. Where that reaches the end of the text, it goes on with its own beginning, as a text does that
    /// goes round.
    package func continuation(_ match: Match, count: Int) -> [Int32] {
        var draft: [Int32] = []
        for place in match.next..<match.next + count {
            draft.append(place < tokens.count ? tokens[place] : draft[place - tokens.count])
        }
        return draft
    }

    /// How many tokens up to one place are the same as those up to a later one.
    private func commonLength(_ place: Int, _ later: Int) -> Int {
        var length = 0
        while length < Self.longest, length <= place, tokens[place - length] == tokens[later - length] { length += 1 }
        return length
    }
}
