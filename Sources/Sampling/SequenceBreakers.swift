/// The token sequences over which DRY matches no repetition, found by their first token.
public struct SequenceBreakers: Sendable {
    /// What may follow each first token to make a breaker; an empty list of tokens where that token is one by itself.
    private var tails: [Int32: [[Int32]]] = [:]

    /// Bytes of a breaker text that are looked at, and tokens of a breaker that are.
    private static let byteLimit = 40
    private static let tailLimit = 20

    public init(_ sequences: [[Int32]] = []) {
        for sequence in sequences {
            guard let head = sequence.first else { continue }
            add(Array(sequence.dropFirst()), after: head)
        }
    }

    /// Finds every way in which the texts can come up in a token sequence: inside one token, or begun by the end of one
    /// and completed by others.
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

    /// How many tokens follow the latest breaker. `recent` runs backwards: the latest token comes first.
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

/// What the sampler has to know about a tokenizer to find sequence breakers.
public struct BreakerVocabulary: Sendable {
    /// Tokens are 0 ..< count.
    public var count: Int
    /// The bytes a token stands for.
    public var bytes: @Sendable (Int32) -> [UInt8]
    /// The tokens of a text, without any that the model asks for at the start.
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
