/// Finds the special and user-defined tokens in a text, which are split off before the rest is encoded.
///
/// Longer tokens take precedence over shorter ones anywhere in the text, and tokens of equal length from left to right,
/// as in llama.cpp. One pass with a trie finds the longest token at each position. If another token has already taken
/// some of its bytes, that position is searched again in the remaining space.
struct SpecialTokenFinder: Sendable {
    /// A token in the text, with the whitespace that it absorbs.
    struct Occurrence: Equatable {
        let token: Int32
        /// The bytes of the text that the token replaces.
        let range: Range<Int>
    }

    /// (node, byte) → node.
    private var edges: PairTable
    /// The token that ends at each node; -1 for none.
    private var tokenAtNode: [Int32] = [-1]
    /// For each token, whether it can be typed: user-defined ones that are not structure.
    private let isText: [Bool]
    private let stripping: WhitespaceStripping
    /// For each byte, whether any token starts with it.
    private var startBytes = [Bool](repeating: false, count: 256)

    init(_ vocabulary: Vocabulary, stripping: WhitespaceStripping) {
        isText = zip(vocabulary.kinds, vocabulary.isStructure).map { $0 == .userDefined && !$1 }
        self.stripping = stripping
        let tokens = Self.tokens(of: vocabulary)
        edges = PairTable(count: tokens.reduce(0) { $0 + vocabulary.bytes(of: $1).count })
        for token in tokens {
            let text = vocabulary.bytes(of: token)
            guard let first = text.first else { continue }
            startBytes[Int(first)] = true
            var node: Int32 = 0
            for byte in text {
                if let next = edges[node, Int32(byte)] {
                    node = Int32(next)
                } else {
                    edges.insert(node, Int32(byte), UInt64(tokenAtNode.count))
                    node = Int32(tokenAtNode.count)
                    tokenAtNode.append(-1)
                }
            }
            if tokenAtNode[Int(node)] < 0 { tokenAtNode[Int(node)] = token }
        }
    }

    /// The tokens that are split off from texts: control, unknown and user-defined ones, and the template's markers.
    static func tokens(of vocabulary: Vocabulary) -> [Int32] {
        vocabulary.kinds.indices.filter {
            vocabulary.isStructure[$0] || [.unknown, .userDefined].contains(vocabulary.kinds[$0])
        }.map(Int32.init)
    }

    /// The tokens to split off, from left to right without overlaps. All but user-defined tokens that are no markers of
    /// the template count only if they are completely inside one of the `trusted` ranges, which must be in order and not
    /// adjacent.
    func find(in text: UnsafeRawBufferPointer, trusted: [Range<Int>]) -> [Occurrence] {
        var taken = [Bool](repeating: false, count: text.count)
        // By length: the positions at which the longest token that still fits has that length.
        var waiting: [[Int]] = []
        func queue(_ position: Int) {
            guard let length = longest(in: text, at: position, taken, trusted)?.length else { return }
            while waiting.count <= length { waiting.append([]) }
            waiting[length].append(position)
        }
        for position in 0..<text.count where startBytes[Int(text[position])] { queue(position) }

        var found: [Occurrence] = []
        while let positions = waiting.popLast() {
            let length = waiting.count
            for position in positions.sorted() where !taken[position] {
                guard let best = longest(in: text, at: position, taken, trusted) else { continue }
                guard best.length == length else {
                    queue(position)
                    continue
                }
                let range = absorbWhitespace(around: position..<position + length, best.token, in: text, taken)
                for index in range { taken[index] = true }
                found.append(Occurrence(token: best.token, range: range))
            }
        }
        return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// The longest token that starts at `start` and covers no taken byte.
    private func longest(
        in text: UnsafeRawBufferPointer, at start: Int, _ taken: [Bool], _ trusted: [Range<Int>]
    ) -> (token: Int32, length: Int)? {
        var best: (token: Int32, length: Int)?
        var node: Int32 = 0
        var position = start
        while position < text.count, !taken[position], let next = edges[node, Int32(text[position])] {
            node = Int32(next)
            position += 1
            let token = tokenAtNode[Int(node)]
            if token >= 0, isText[Int(token)] || Self.covers(trusted, start..<position) {
                best = (token, position - start)
            }
        }
        return best
    }

    /// Whether one of the ordered ranges `trusted` contains all of `range`.
    private static func covers(_ trusted: [Range<Int>], _ range: Range<Int>) -> Bool {
        var (low, high) = (0, trusted.count)
        while low < high {
            let middle = (low + high) / 2
            if trusted[middle].upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low < trusted.count && trusted[low].lowerBound <= range.lowerBound
            && range.upperBound <= trusted[low].upperBound
    }

    /// A token's range, extended by the whitespace that it absorbs.
    private func absorbWhitespace(
        around range: Range<Int>, _ token: Int32, in text: UnsafeRawBufferPointer, _ taken: [Bool]
    ) -> Range<Int> {
        func isFreeSpace(_ index: Int) -> Bool {
            !taken[index] && (text[index] == 0x20 || (0x09...0x0D).contains(text[index]))
        }
        var (start, end) = (range.lowerBound, range.upperBound)
        if stripping.left.contains(token) {
            while start > 0, isFreeSpace(start - 1) { start -= 1 }
        }
        if stripping.right.contains(token) {
            while end < text.count, isFreeSpace(end) { end += 1 }
        }
        return start..<end
    }
}
