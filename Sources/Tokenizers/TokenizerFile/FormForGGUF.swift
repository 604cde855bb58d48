extension TokenizerDescription {
    /// The same tokenizer as GGUF files describe it: by the name of an algorithm and of a row of `PreTokenizers`, instead of
    /// steps. It gives the same tokens for a text with everything in it that rows differ in.
    ///
    /// Throws if they cannot describe it.
    package func formForGGUF() throws(TokenizerError) -> TokenizerDescription {
        guard let pipeline else { return self }
        guard case .bytePair(let model) = pipeline.model, model.prefix.isEmpty, model.suffix.isEmpty else {
            throw .notForGGUF("its model is not byte-pair encoding")
        }
        var form = self
        form.pipeline = nil
        form.addsSpacePrefix = false
        if pipeline.spellsBytes {
            form.model = .bytePair
            form.preTokenizer = try pipeline.nameOfSplitting(wholeWords: model.ignoresMerges)
            form.merges = PieceList()
            for merge in model.merges {
                form.merges.append(vocabulary.bytes(of: merge.left) + [0x20] + vocabulary.bytes(of: merge.right))
            }
        } else {
            guard model.fallsBackToBytes else { throw .notForGGUF("its characters without a token are lost") }
            form.model = .sentencePiece
            form.addsSpacePrefix = pipeline.addsMark
            form.vocabulary = try vocabulary.withScores(of: model.merges)
        }
        let (own, other) = (try Tokenizer(self), try Tokenizer(form))
        guard own.encode(TokenizerPipeline.probe) == other.encode(TokenizerPipeline.probe) else {
            throw .notForGGUF("its normalizer or pre-tokenizer has no name there")
        }
        return form
    }
}

extension TokenizerPipeline {
    /// Letters of several scripts and cases, contractions, digits, marks, symbols, and white space of all lengths.
    fileprivate static let probe = """
        Hello world's DON'T don't I'LL we've\n\n\n  two   three    spaces\t\ttabs \r\n 1 12 123 1234 12345678 3.14 v2.0
        snake_case CamelCase HTMLParser x=y+z; foo(bar)[0] {a: "b"} a/b\\c # ## ### !!! ?! … — “quotes” ‘single’
        Écoute naïve ǅ Straße ÀÉÎ àéî Привет МИР Ελληνικά עברית العربية हिन्दी ไทย 東京都 你好，世界。 こんにちは 한국어
        ½ ² Ⅷ ① 🙂👍🏽👨‍👩‍👧 e\u{301} a\u{308}b \u{200D}\u{FE0F} $5 €6 %7 C++ C# @name <tag> a|b ~ ^ `code`
           indented
        \tline\u{A0}with\u{3000}wide spaces
        """

    /// Whether words are spelled in the byte-level alphabet.
    fileprivate var spellsBytes: Bool {
        splitters.contains { if case .byteLevel = $0 { true } else { false } }
            || normalizers.contains { if case .byteLevel = $0 { true } else { false } }
    }

    /// Whether a text that does not start with a space gets one.
    fileprivate var addsMark: Bool {
        let text = NormalizedText([TextScalar(0x61, isTrusted: false)][...], normalizers)
        return SplitText(text.scalars, isFirst: true, splitters).scalars.count > 1
    }

    /// The name of the row that splits texts in the same way.
    ///
    /// - Parameter wholeWords: whether words that are tokens are used as such.
    fileprivate func nameOfSplitting(wholeWords: Bool) throws(TokenizerError) -> String {
        let probe = Self.probe.unicodeScalars.map { TextScalar($0.value, isTrusted: false) }
        let text = NormalizedText(probe[...], normalizers).scalars
        let plain = splitters.map { step -> WordSplitter in
            guard case .byteLevel(var byteLevel) = step else { return step }
            byteLevel.spells = false
            return .byteLevel(byteLevel)
        }
        let words = SplitText(text, isFirst: true, plain).words.map { $0.end - $0.start }
        let scalars = text.map { ClassifiedScalar($0.scalar, upTo: .patterns) }
        for name in PreTokenizers.names {
            guard let row = PreTokenizers.find(name), !row.joinsCharacters, (row.wholeWords == .all) == wholeWords,
                let splitter = try? PreTokenizer(row), splitter.split(scalars) == words
            else { continue }
            return name
        }
        throw .notForGGUF("its pre-tokenizer has no name there")
    }
}

extension Vocabulary {
    /// A copy in which pieces that are joined earlier have higher scores, as in files of SentencePiece.
    fileprivate func withScores(of merges: [BytePairModel.Merge]) throws(TokenizerError) -> Vocabulary {
        var scores = [Float](repeating: -Float(merges.count), count: count)
        var isScored = [Bool](repeating: false, count: count)
        for (rank, merge) in merges.enumerated() where !isScored[Int(merge.joined)] {
            scores[Int(merge.joined)] = -Float(rank)
            isScored[Int(merge.joined)] = true
        }
        var pieces = PieceList()
        for id in 0..<Int32(count) { pieces.append(bytes(of: id)) }
        return try Vocabulary(pieces: pieces, scores: scores, kinds: (0..<Int32(count)).map(kind(of:)))
    }
}
