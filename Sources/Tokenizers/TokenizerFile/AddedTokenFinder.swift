/// Finds added tokens in a text: of all at the first position that has one, the longest, and so on after it.
struct AddedTokenFinder: Sendable {
    /// A part of a text.
    enum Part: Equatable {
        case token(Int32)
        case text(Range<Int>)
    }

    /// (node, character) → node.
    private var edges: PairTable
    /// The token that ends at each node; -1 for none.
    private var tokenAtNode: [Int32] = [-1]
    private var rules: [Int32: Rule] = [:]
    /// Whether any token starts with each character of ASCII, or with others.
    private var startsASCII = [Bool](repeating: false, count: 128)
    private var startsOthers = false

    /// A token to look for.
    struct Rule: Sendable {
        let id: Int32
        let text: [UInt32]
        /// Whether it counts only if all of it is trusted.
        let needsTrust: Bool
        var isSingleWord = false
        var stripsLeft = false
        var stripsRight = false
    }

    /// Of rules with equal texts, the first counts.
    init(_ all: [Rule]) {
        edges = PairTable(count: all.reduce(0) { $0 + $1.text.count })
        for rule in all { insert(rule) }
    }

    private mutating func insert(_ rule: Rule) {
        guard let first = rule.text.first else { return }
        if first < 128 { startsASCII[Int(first)] = true } else { startsOthers = true }
        var node: Int32 = 0
        for value in rule.text {
            if let next = edges[node, Int32(value)] {
                node = Int32(next)
            } else {
                edges.insert(node, Int32(value), UInt64(tokenAtNode.count))
                node = Int32(tokenAtNode.count)
                tokenAtNode.append(-1)
            }
        }
        guard tokenAtNode[Int(node)] < 0 else { return }
        tokenAtNode[Int(node)] = rule.id
        rules[rule.id] = rule
    }

    /// Calls `body` with the tokens in a text and what is between them, in order.
    func split(_ text: ArraySlice<TextScalar>, _ body: (Part) -> Void) {
        var done = text.startIndex
        forEachMatch(in: text) { match, rule in
            var (start, end) = (match.lowerBound, match.upperBound)
            if rule.isSingleWord {
                let hasLeft = start > text.startIndex && Self.isWord(text[start - 1])
                let hasRight = end < text.endIndex && Self.isWord(text[end])
                if hasLeft || hasRight { return }
            }
            if rule.stripsLeft {
                while start > text.startIndex, text[start - 1].isWhitespace { start -= 1 }
                start = max(start, done)
            }
            if rule.stripsRight {
                while end < text.endIndex, text[end].isWhitespace { end += 1 }
            }
            if done < start { body(.text(done..<start)) }
            body(.token(rule.id))
            done = end
        }
        if done < text.endIndex { body(.text(done..<text.endIndex)) }
    }

    private static func isWord(_ scalar: TextScalar) -> Bool {
        WordCharacters.withJoiners.contains(ClassifiedScalar(scalar.scalar, upTo: .patterns))
    }

    private func forEachMatch(in text: ArraySlice<TextScalar>, _ body: (Range<Int>, Rule) -> Void) {
        guard !rules.isEmpty else { return }
        var position = text.startIndex
        while position < text.endIndex {
            let value = text[position].value
            if value < 128 ? startsASCII[Int(value)] : startsOthers, let rule = longest(in: text, at: position) {
                body(position..<position + rule.text.count, rule)
                position += rule.text.count
            } else {
                position += 1
            }
        }
    }

    private func longest(in text: ArraySlice<TextScalar>, at start: Int) -> Rule? {
        var best: Int32 = -1
        var node: Int32 = 0
        var isTrusted = true
        var position = start
        while position < text.endIndex, let next = edges[node, Int32(text[position].value)] {
            node = Int32(next)
            isTrusted = isTrusted && text[position].isTrusted
            position += 1
            let token = tokenAtNode[Int(node)]
            if token >= 0, isTrusted || rules[token]?.needsTrust == false { best = token }
        }
        return rules[best]
    }
}
