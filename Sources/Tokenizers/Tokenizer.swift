/// Converts text to the tokens of a model and back.
public struct Tokenizer: Sendable {
    public let vocabulary: Vocabulary
    /// The begin-of-sequence and end-of-sequence tokens given in the file.
    public let bos: Int32?
    public let eos: Int32?
    /// Whether `encode(addSpecial: true)` adds BOS before a text and EOS after it.
    public let addsBOS: Bool
    public let addsEOS: Bool
    /// All tokens that end a reply.
    public let endOfGeneration: Set<Int32>
    /// Possible problems with the vocabulary.
    public let warnings: [TokenizerWarning]

    private let algorithm: Algorithm
    private let specials: SpecialTokenFinder
    let addsSpacePrefix: Bool

    private enum Algorithm: Sendable {
        case bytePair(BytePairEncoder)
        case sentencePiece(SentencePieceEncoder)
        case unigram(UnigramEncoder)
    }

    public init(_ description: TokenizerDescription) throws(TokenizerError) {
        var vocabulary = description.vocabulary
        warnings = TokenizerWarning.all(
            model: description.model, preTokenizer: description.preTokenizer, special: description.special,
            tokens: vocabulary.count)
        let special = description.special.existing(in: vocabulary)
        endOfGeneration = EndOfGeneration.tokens(special, in: &vocabulary)
        vocabulary.markStructure(in: description.templateText)
        let row = description.preTokenizer.flatMap(PreTokenizers.find) ?? PreTokenizers.default(for: description.model)
        let (bos, eos) = (special.bos, special.eos)
        switch description.model {
        case .bytePair, .gemma4:
            algorithm = .bytePair(
                try BytePairEncoder(row, vocabulary: vocabulary, merges: description.merges))
            // Some files of Gemma 4 say that it adds none, which its replies show to be wrong.
            addsBOS = (row.requiresBOS || description.addsBOS ?? row.addsBOS) && bos != nil
        case .sentencePiece:
            algorithm = .sentencePiece(SentencePieceEncoder(vocabulary: vocabulary, unknown: special.unknown))
            addsBOS = (description.addsBOS ?? true) && bos != nil
        case .unigram:
            algorithm = .unigram(UnigramEncoder(vocabulary: vocabulary))
            addsBOS = (description.addsBOS ?? false) && bos != nil
        }
        addsEOS = (description.addsEOS ?? false) && eos != nil
        addsSpacePrefix = description.model == .sentencePiece && description.addsSpacePrefix ?? true
        let stripping = WhitespaceStripping(description, specials: SpecialTokenFinder.tokens(of: vocabulary))
        specials = SpecialTokenFinder(vocabulary, stripping: stripping)
        (self.bos, self.eos, self.vocabulary) = (bos, eos, vocabulary)
    }

    // MARK: Text to tokens

    /// The tokens of a text. Control tokens in it are recognised only with `parseSpecial`, user-defined tokens always.
    /// `addSpecial` adds BOS and EOS if the model uses them.
    public func encode(_ text: String, parseSpecial: Bool = false, addSpecial: Bool = false) -> [Int32] {
        encode(segments: [PromptSegment(text, isTrusted: parseSpecial)], addSpecial: addSpecial)
    }

    /// The tokens of a text in segments. It is encoded like one text, except that control tokens are recognised only
    /// inside trusted segments.
    public func encode(segments: [PromptSegment], addSpecial: Bool = false) -> [Int32] {
        var text = ""
        var trusted: [Range<Int>] = []
        for segment in segments where !segment.text.isEmpty {
            let start = text.utf8.count
            text += segment.text
            guard segment.isTrusted else { continue }
            let isAdjacent = trusted.last?.upperBound == start
            trusted.append((isAdjacent ? trusted.removeLast().lowerBound : start)..<text.utf8.count)
        }
        var tokens: [Int32] = []
        if addSpecial, addsBOS, let bos { tokens.append(bos) }
        text.withUTF8 { encode(UnsafeRawBufferPointer($0), trusted: trusted, into: &tokens) }
        if addSpecial, addsEOS, let eos { tokens.append(eos) }
        return tokens
    }

    private func encode(_ text: UnsafeRawBufferPointer, trusted: [Range<Int>], into tokens: inout [Int32]) {
        var position = 0
        // SentencePiece adds a space before a text, and again after every special token.
        var isAfterSpecial = true
        func encodePlain(upTo end: Int) {
            guard end > position else { return }
            let plain = UnsafeRawBufferPointer(rebasing: text[position..<end])
            switch algorithm {
            case .bytePair(let encoder):
                encoder.encode(plain, vocabulary, into: &tokens)
            case .sentencePiece(let encoder):
                let addsSpace = addsSpacePrefix && isAfterSpecial
                encoder.encode(plain, addsSpacePrefix: addsSpace, vocabulary, into: &tokens)
            case .unigram(let encoder):
                encoder.encode(plain, vocabulary, into: &tokens)
            }
            isAfterSpecial = false
        }
        for occurrence in specials.find(in: text, trusted: trusted) {
            encodePlain(upTo: occurrence.range.lowerBound)
            tokens.append(occurrence.token)
            isAfterSpecial = true
            position = occurrence.range.upperBound
        }
        encodePlain(upTo: text.count)
    }

    // MARK: Tokens to text

    /// The text of tokens. Omits ids outside the vocabulary, and control tokens unless `special`. Bytes that are not
    /// UTF-8 become U+FFFD. The space that SentencePiece adds before a text is removed and others are kept, so that
    /// decoding restores the encoded text.
    public func decode(_ tokens: [Int32], special: Bool = false) -> String {
        var detokenizer = StreamDetokenizer(self, special: special)
        let text = tokens.reduce(into: "") { $0 += detokenizer.push($1) }
        return text + detokenizer.finish()
    }

    /// The bytes of a token's text. Empty for ids outside the vocabulary, and for control and unknown tokens unless
    /// `special`.
    public func bytes(of token: Int32, special: Bool = false) -> [UInt8] {
        guard vocabulary.contains(token) else { return [] }
        let piece = vocabulary.bytes(of: token)
        switch vocabulary.kind(of: token) {
        case .control, .unknown: return special ? Array(piece) : []
        case .userDefined: return Array(piece)
        case .byte: return ByteTokens.byte(piece).map { [$0] } ?? []
        case .unused: return []
        case .normal: break
        }
        switch algorithm {
        case .bytePair(let encoder): return encoder.text(of: piece)
        case .sentencePiece: return SpaceEscape.unescape(piece)
        case .unigram: return Array(piece)
        }
    }
}

extension TokenizerDescription.SpecialTokens {
    /// A copy without ids outside the vocabulary.
    fileprivate func existing(in vocabulary: Vocabulary) -> Self {
        func valid(_ id: Int32?) -> Int32? { id.flatMap { vocabulary.contains($0) ? $0 : nil } }
        var checked = Self()
        checked.bos = valid(bos)
        checked.eos = valid(eos)
        checked.endOfTurn = valid(endOfTurn)
        checked.endOfMessage = valid(endOfMessage)
        checked.unknown = valid(unknown)
        checked.fillInTheMiddleEnds = fillInTheMiddleEnds.compactMap(valid)
        checked.templateEnd = templateEnd
        return checked
    }
}
