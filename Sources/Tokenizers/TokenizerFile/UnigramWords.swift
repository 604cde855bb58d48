/// Encodes words by a unigram model.
struct UnigramWords: Sendable {
    private let model: UnigramModel
    private let tokens: ModelTokens
    private let pieces: SortedPieces
    private let byteTokens: [Int32?]
    /// Below that of any token.
    private let unknownScore: Double

    init(_ model: UnigramModel, _ tokens: ModelTokens) {
        self.model = model
        self.tokens = tokens
        // The unknown token's own text counts as unknown.
        pieces = SortedPieces(tokens.vocabulary) { tokens.contains($0) || $0 == model.unknown }
        byteTokens = model.fallsBackToBytes ? tokens.byteTokens : []
        unknownScore = (model.scores.min() ?? 0) - 10
    }

    /// The best way to write a word up to a position.
    private struct Best {
        var score = 0.0
        /// Where its last token starts; -1 if there is no way.
        var start: Int32 = -1
        var token: Int32 = -1
    }

    func encode(_ word: UnsafeRawBufferPointer, into result: inout [Int32]) {
        var best = Array(repeating: Best(), count: word.count + 1)
        var position = 0
        while position < word.count {
            let end = min(position + word[position].characterLength, word.count)
            let score = best[position].score
            var hasCharacter = false
            func consider(_ token: Int32, _ tokenScore: Double, end: Int) {
                let total = score + tokenScore
                guard best[end].start < 0 || total > best[end].score else { return }
                best[end] = Best(score: total, start: Int32(position), token: token)
            }
            pieces.forEachPrefix(of: word, from: position) { token, tokenEnd in
                consider(token, model.scores[Int(token)], end: tokenEnd)
                if tokenEnd == end { hasCharacter = true }
            }
            if !hasCharacter { consider(model.unknown ?? -1, unknownScore, end: end) }
            position = end
        }
        append(best, word, to: &result)
    }

    private func append(_ best: [Best], _ word: UnsafeRawBufferPointer, to result: inout [Int32]) {
        // From the end to the start; neighbouring unknown characters are one token.
        var parts: [(range: Range<Int>, token: Int32)] = []
        var end = word.count
        while end > 0, best[end].start >= 0 {
            let part = best[end]
            let isUnknown = part.token == model.unknown ?? -1
            if isUnknown, let last = parts.last, last.token == part.token {
                parts[parts.count - 1].range = Int(part.start)..<last.range.upperBound
            } else {
                parts.append((Int(part.start)..<end, part.token))
            }
            end = Int(part.start)
        }
        for part in parts.reversed() {
            guard part.token == model.unknown ?? -1 else {
                result.append(part.token)
                continue
            }
            let text = UnsafeRawBufferPointer(rebasing: word[part.range])
            if let token = tokens.id(of: text) {
                result.append(token)
            } else if model.fallsBackToBytes, let bytes = ModelTokens.bytes(text, byteTokens) {
                result += bytes
            } else if let unknown = model.unknown {
                result.append(unknown)
            }
        }
    }
}
