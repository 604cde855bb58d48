/// Unigram segmentation (Kudo 2018): of all ways to write a text, the one with the largest sum of scores. GGUF's
/// tokenizer model `plamo2`: scores count in steps of 0.0001, and characters without a token become byte tokens.
struct UnigramEncoder: Sendable {
    private let pieces: SortedPieces
    private let byteTokens: [Int32?]

    /// A score in steps; that of a character without a token, and one below which a token is never used.
    private static let unknownScore = -10_000_000
    private static let leastScore = -20_000_000

    init(vocabulary: Vocabulary) {
        byteTokens = ByteTokens.all(in: vocabulary)
        pieces = SortedPieces(vocabulary) {
            !vocabulary.isStructure[Int($0)] && vocabulary.kind(of: $0) != .byte
                && Self.steps(vocabulary.score(of: $0)) != nil
        }
    }

    private static func steps(_ score: Float) -> Int? {
        let steps = (score * 1e4).rounded()
        guard steps.isFinite, steps > Float(leastScore), steps < Float(Int32.max) else { return nil }
        return Int(steps)
    }

    /// The best way to write the text from a position on.
    private struct Best {
        var score = Int.min
        var end = 0
        /// Nil: the bytes of a character.
        var token: Int32?
    }

    /// Appends the tokens of a text without special tokens.
    func encode(_ text: UnsafeRawBufferPointer, _ vocabulary: Vocabulary, into tokens: inout [Int32]) {
        var best = Array(repeating: Best(), count: text.count + 1)
        best[text.count].score = 0
        for start in text.indices.reversed() where text[start] & 0xC0 != 0x80 {
            let character = min(start + text[start].characterLength, text.count)
            if best[character].score > .min {
                best[start] = Best(score: best[character].score + Self.unknownScore, end: character, token: nil)
            }
            pieces.forEachPrefix(of: text, from: start) { token, end in
                guard best[end].score > .min, let steps = Self.steps(vocabulary.score(of: token)) else { return }
                let score = best[end].score + steps
                // Of equally good ones the longest, and a token rather than bytes.
                if score >= best[start].score { best[start] = Best(score: score, end: end, token: token) }
            }
        }
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var position = text.starts(with: byteOrderMark) ? byteOrderMark.count : 0
        while position < text.count {
            let next = best[position]
            guard next.end > position else { return }
            if let token = next.token {
                tokens.append(token)
            } else {
                tokens += text[position..<next.end].compactMap { byteTokens[Int($0)] }
            }
            position = next.end
        }
    }
}
