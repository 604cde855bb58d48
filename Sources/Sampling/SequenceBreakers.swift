/// The token sequences that repetitions found by DRY never span, by their first token.
public struct SequenceBreakers: Sendable {
    /// The tokens that complete a breaker after each first token; empty if that token is a breaker by itself.
    private var tails: [Int32: [[Int32]]] = [:]

    /// The number of bytes of a breaker's text, and of tokens of a breaker, that are used.
    private static let byteLimit = 40
    private static let tailLimit = 20

    public init(_ sequences: [[Int32]] = []) {
        for sequence in sequences {
            guard let head = sequence.first else { continue }
            add(Array(sequence.dropFirst()), after: head)
        }
    }

    /// Finds all ways in which the texts can occur in a token sequence: inside one token, or starting at the end of one
    /// token and completed by others.
    public init(texts: [String], vocabulary: BreakerVocabulary) {
        let texts = texts.map { Array($0.utf8.prefix(Self.byteLimit)) }.filter { !$0.isEmpty }
        guard !texts.isEmpty else { return }
        for token in 0..<Int32(clamping: vocabulary.count) {
            let piece = vocabulary.bytes(token)
            for text in texts { addOverlaps(of: text, with: piece, token, vocabulary) }
        }
    }

    /// Whether the token is a breaker by itself.
    func isBreaker(_ token: Int32) -> Bool { tails[token]?.contains([]) ?? false }

    /// The number of tokens after the latest breaker. `recent` is in reverse order: the latest token comes first.
    func distance(in recent: [Int32]) -> Int {
        for (position, token) in recent.enumerated() {
            guard let candidates = tails[token] else { continue }
            let longest = candidates.filter { tail in
                tail.count <= position && tail.enumerated().allSatisfy { recent[position - 1 - $0] == $1 }
            }.map(\.count).max()
            if let longest { return position - longest }
        }
        return recent.count
    }

    private mutating func addOverlaps(
        of text: [UInt8], with piece: [UInt8], _ token: Int32, _ vocabulary: BreakerVocabulary
    ) {
        for start in piece.indices where piece[start] == text[0] {
            let overlap = min(text.count, piece.count - start)
            guard piece[start..<start + overlap].elementsEqual(text[..<overlap]) else { continue }
            let rest = Array(text[overlap...])
            add(rest.isEmpty ? [] : Array(vocabulary.encode(rest).prefix(Self.tailLimit)), after: token)
        }
    }

    private mutating func add(_ tail: [Int32], after head: Int32) {
        if tails[head]?.contains(tail) != true { tails[head, default: []].append(tail) }
    }
}

/// What the sampler needs from a tokenizer to find sequence breakers.
public struct BreakerVocabulary: Sendable {
    /// Tokens are 0 ..< count.
    public var count: Int
    /// The bytes of a token's text.
    public var bytes: @Sendable (Int32) -> [UInt8]
    /// The tokens of a text, without BOS.
    public var encode: @Sendable ([UInt8]) -> [Int32]

    public init(
        count: Int, bytes: @escaping @Sendable (Int32) -> [UInt8], encode: @escaping @Sendable ([UInt8]) -> [Int32]
    ) {
        self.count = count
        self.bytes = bytes
        self.encode = encode
    }

    /// No tokenizer, so no breakers.
    public static let none = BreakerVocabulary(count: 0, bytes: { _ in [] }, encode: { _ in [] })
}
