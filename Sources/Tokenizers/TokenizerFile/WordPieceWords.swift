/// Encodes words by a WordPiece model.
struct WordPieceWords: Sendable {
    private let model: WordPieceModel
    private let pieces: SortedPieces
    /// Tokens with the prefix of tokens that continue a word, without it.
    private let continuations: SortedPieces

    init(_ model: WordPieceModel, _ tokens: ModelTokens) {
        self.model = model
        pieces = SortedPieces(tokens.vocabulary, where: tokens.contains)
        continuations = SortedPieces(tokens.vocabulary, dropping: model.prefix, where: tokens.contains)
    }

    func encode(_ word: UnsafeRawBufferPointer, into result: inout [Int32]) {
        let count = word.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        let found = count <= model.mostCharacters ? tokens(of: word) : nil
        result += found ?? (model.unknown.map { [$0] } ?? [])
    }

    /// Nil if the word cannot be written.
    private func tokens(of word: UnsafeRawBufferPointer) -> [Int32]? {
        var tokens: [Int32] = []
        var position = 0
        while position < word.count {
            var longest: (token: Int32, end: Int)?
            (position == 0 ? pieces : continuations).forEachPrefix(of: word, from: position) { longest = ($0, $1) }
            guard let longest else { return nil }
            tokens.append(longest.token)
            position = longest.end
        }
        return tokens
    }
}
