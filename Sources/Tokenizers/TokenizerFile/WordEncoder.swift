/// Encodes words by a model.
struct WordEncoder: Sendable {
    private let algorithm: Algorithm
    private let tokens: ModelTokens
    /// Whether the model's tokens are spelled in the byte-level alphabet, and words are not.
    private let spellsBytes: Bool

    private enum Algorithm: Sendable {
        case bytePair(BytePairWords)
        case unigram(UnigramWords)
        case wordPiece(WordPieceWords)
        case wordLevel(WordLevelModel)
    }

    init(_ model: TokenModel, _ tokens: ModelTokens, spellsBytes: Bool) {
        self.tokens = tokens
        self.spellsBytes = spellsBytes
        algorithm =
            switch model {
            case .bytePair(let model): .bytePair(BytePairWords(model, tokens))
            case .unigram(let model): .unigram(UnigramWords(model, tokens))
            case .wordPiece(let model): .wordPiece(WordPieceWords(model, tokens))
            case .wordLevel(let model): .wordLevel(model)
            }
    }

    func encode(_ text: SplitText, _ cache: inout WordCache, into result: inout [Int32]) {
        var merger = SymbolMerger()
        var bytes: [UInt8] = []
        for word in text.words {
            bytes.removeAll(keepingCapacity: true)
            for scalar in text.scalars[word.start..<word.end] { bytes.append(utf8: scalar.value) }
            bytes.withUnsafeBytes { word in
                cache.append(word, to: &result) { encode(word, &merger, into: &$0) }
            }
        }
    }

    private func encode(_ word: UnsafeRawBufferPointer, _ merger: inout SymbolMerger, into result: inout [Int32]) {
        guard spellsBytes else {
            encode(spelled: word, &merger, into: &result)
            return
        }
        ByteLevelAlphabet.encode(word).withUnsafeBytes { encode(spelled: $0, &merger, into: &result) }
    }

    private func encode(
        spelled word: UnsafeRawBufferPointer, _ merger: inout SymbolMerger, into result: inout [Int32]
    ) {
        switch algorithm {
        case .bytePair(let model): model.encode(word, &merger, into: &result)
        case .unigram(let model): model.encode(word, into: &result)
        case .wordPiece(let model): model.encode(word, into: &result)
        case .wordLevel(let model):
            if let token = tokens.id(of: word) ?? model.unknown { result.append(token) }
        }
    }
}
