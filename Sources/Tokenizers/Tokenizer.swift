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
        case pipeline(PipelineEncoder)
    }

    public init(_ description: TokenizerDescription) throws(TokenizerError) {
        var vocabulary = description.vocabulary
        warnings = TokenizerWarning.all(
            model: description.pipeline == nil ? description.model : nil, preTokenizer: description.preTokenizer,
            special: description.special, tokens: vocabulary.count)
        let special = description.special.existing(in: vocabulary)
        endOfGeneration = EndOfGeneration.tokens(special, in: &vocabulary)
        vocabulary.markStructure(in: description.templateText)
        let (bos, eos) = (special.bos, special.eos)
        let addsStandardBOS: Bool
        (algorithm, addsStandardBOS) = try Self.algorithm(description, vocabulary, unknown: special.unknown)
        addsBOS = addsStandardBOS && bos != nil
        addsEOS = (description.addsEOS ?? false) && eos != nil
        addsSpacePrefix =
            description.pipeline == nil && description.model == .sentencePiece && description.addsSpacePrefix ?? true
        let stripping = WhitespaceStripping(description, specials: SpecialTokenFinder.tokens(of: vocabulary))
        specials = SpecialTokenFinder(vocabulary, stripping: stripping)
        (self.bos, self.eos, self.vocabulary) = (bos, eos, vocabulary)
    }

    /// The algorithm of a description, and whether texts start with BOS.
    private static func algorithm(
        _ description: TokenizerDescription, _ vocabulary: Vocabulary, unknown: Int32?
    ) throws(TokenizerError) -> (Algorithm, addsBOS: Bool) {
        if let pipeline = description.pipeline {
            return (.pipeline(PipelineEncoder(pipeline, vocabulary)), description.addsBOS ?? false)
        }
        switch description.model {
        case .bytePair, .gemma4:
            let row =
                description.preTokenizer.flatMap(PreTokenizers.find) ?? PreTokenizers.default(for: description.model)
            let encoder = try BytePairEncoder(row, vocabulary: vocabulary, merges: description.merges)
            // Some files of Gemma 4 say that it adds none, which its replies show to be wrong.
            return (.bytePair(encoder), row.requiresBOS || description.addsBOS ?? row.addsBOS)
        case .sentencePiece:
            let encoder = SentencePieceEncoder(vocabulary: vocabulary, unknown: unknown)
            return (.sentencePiece(encoder), description.addsBOS ?? true)
        case .unigram:
            return (.unigram(UnigramEncoder(vocabulary: vocabulary)), description.addsBOS ?? false)
        }
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
        let around = addSpecial ? surroundings : (before: [], after: [])
        var tokens = around.before
        text.withUTF8 { encode(UnsafeRawBufferPointer($0), trusted: trusted, into: &tokens) }
        return tokens + around.after
    }

    /// The tokens before and after a text.
    private var surroundings: (before: [Int32], after: [Int32]) {
        if case .pipeline(let encoder) = algorithm { return (encoder.template.before, encoder.template.after) }
        return ([addsBOS ? bos : nil].compactMap(\.self), [addsEOS ? eos : nil].compactMap(\.self))
    }

    private func encode(_ text: UnsafeRawBufferPointer, trusted: [Range<Int>], into tokens: inout [Int32]) {
        if case .pipeline(let encoder) = algorithm {
            encoder.encode(text, trusted: trusted, into: &tokens)
            return
        }
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
            case .pipeline: break
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
        bytes(of: token, special: special, isFirst: false)
    }

    /// - Parameter isFirst: whether the token is the first with a text. A space that was added before the text is left
    ///   out then.
    func bytes(of token: Int32, special: Bool, isFirst: Bool) -> [UInt8] {
        guard vocabulary.contains(token) else { return [] }
        let piece = vocabulary.bytes(of: token)
        switch (vocabulary.kind(of: token), algorithm) {
        case (.control, _), (.unknown, _): return special ? withoutPrefix(Array(piece), isFirst) : []
        case (.unused, _): return []
        case (_, .pipeline(let encoder)): return encoder.bytes(of: token, vocabulary, isFirst: isFirst)
        case (.userDefined, _): return withoutPrefix(Array(piece), isFirst)
        case (.byte, _): return withoutPrefix(ByteTokens.byte(piece).map { [$0] } ?? [], isFirst)
        case (.normal, .bytePair(let encoder)): return encoder.text(of: piece)
        case (.normal, .sentencePiece): return withoutPrefix(SpaceEscape.unescape(piece), isFirst)
        case (.normal, .unigram): return Array(piece)
        }
    }

    private func withoutPrefix(_ bytes: [UInt8], _ isFirst: Bool) -> [UInt8] {
        isFirst && addsSpacePrefix && bytes.first == 0x20 ? Array(bytes.dropFirst()) : bytes
    }

    /// Whether a token that follows an equal one has no text.
    var joinsRepeats: Bool {
        if case .pipeline(let encoder) = algorithm { encoder.decoder.joinsRepeats } else { false }
    }

    /// Whether the space at the end of a token's text is only for another token after it.
    func holdsLastSpace(of token: Int32) -> Bool {
        guard case .pipeline(let encoder) = algorithm else { return false }
        return encoder.decoder.holdsLastSpace(of: vocabulary.bytes(of: token))
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
