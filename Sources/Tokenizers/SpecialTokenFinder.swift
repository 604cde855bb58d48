/// Finds the special and user-defined tokens in a text, which are cut out before the rest is encoded.
///
/// Longer tokens are cut out before shorter ones, wherever they stand, and equally long ones from the left; so
/// llama.cpp does it. One pass over a trie finds the longest token at each place; a place that another token has
/// already taken a part of is looked at again with what room it has left.
struct SpecialTokenFinder: Sendable {
    /// A token in the text, with the whitespace that it swallows.
    struct Occurrence: Equatable {
        let token: Int32
        /// What the token takes out of the text, in bytes.
        let range: Range<Int>
    }

    /// (node, byte) → node.
    private var edges: PairTable
    /// The token that ends at each node; -1 for none.
    private var tokenAtNode: [Int32] = [-1]
    private let kinds: [TokenKind]
    private let stripping: WhitespaceStripping
    /// Whether any token starts with a byte.
    private var startBytes = [Bool](repeating: false, count: 256)

    init(_ vocabulary: Vocabulary, stripping: WhitespaceStripping) {
        kinds = vocabulary.kinds
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

    /// The tokens that are cut out of texts: control, unknown and user-defined ones.
    static func tokens(of vocabulary: Vocabulary) -> [Int32] {
        vocabulary.kinds.indices.filter { [.control, .unknown, .userDefined].contains(vocabulary.kinds[$0]) }
            .map(Int32.init)
    }

    /// The tokens to cut out, from left to right without overlaps. Control and unknown tokens count only wholly inside
    /// one of the `trusted` ranges, which must be in order and apart from each other.
    func find(in text: UnsafeRawBufferPointer, trusted: [Range<Int>]) -> [Occurrence] {
        var taken = [Bool](repeating: false, count: text.count)
        // By length: the places where the longest token that still fits has that length.
        var waiting: [[Int]] = []
        func queue(_ place: Int) {
            guard let length = longest(in: text, at: place, taken, trusted)?.length else { return }
            while waiting.count <= length { waiting.append([]) }
            waiting[length].append(place)
        }
        for place in 0..<text.count where startBytes[Int(text[place])] { queue(place) }

        var found: [Occurrence] = []
        while let places = waiting.popLast() {
            let length = waiting.count
            for place in places.sorted() where !taken[place] {
                guard let best = longest(in: text, at: place, taken, trusted) else { continue }
                guard best.length == length else {
                    queue(place)
                    continue
                }
                let range = swallow(around: place..<place + length, best.token, in: text, taken)
                for index in range { taken[index] = true }
                found.append(Occurrence(token: best.token, range: range))
            }
        }
        return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// The longest token that starts at `place` and covers no taken byte.
    private func longest(
        in text: UnsafeRawBufferPointer, at place: Int, _ taken: [Bool], _ trusted: [Range<Int>]
    ) -> (token: Int32, length: Int)? {
        var best: (token: Int32, length: Int)?
        var node: Int32 = 0
        var position = place
        while position < text.count, !taken[position], let next = edges[node, Int32(text[position])] {
            node = Int32(next)
            position += 1
            let token = tokenAtNode[Int(node)]
            if token >= 0, kinds[Int(token)] == .userDefined || Self.covers(trusted, place..<position) {
                best = (token, position - place)
            }
        }
        return best
    }

    /// Whether one of some ordered ranges contains all of `range`.
    private static func covers(_ trusted: [Range<Int>], _ range: Range<Int>) -> Bool {
        var (low, high) = (0, trusted.count)
        while low < high {
            let middle = (low + high) / 2
            if trusted[middle].upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low < trusted.count && trusted[low].lowerBound <= range.lowerBound
            && range.upperBound <= trusted[low].upperBound
    }

    /// A token's range, widened over the whitespace that it swallows.
    private func swallow(
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
