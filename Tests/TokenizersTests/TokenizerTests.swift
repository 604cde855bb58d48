import Testing

@testable import Tokenizers

/// Behaviour with small artificial vocabularies.
struct TokenizerTests {
    // MARK: Special tokens

    @Test func controlTokensAreParsedOnlyWhereAllowed() throws {
        let tokenizer = try Samples.sentencePiece()
        let end = try #require(tokenizer.vocabulary.id(of: "<end>"))
        #expect(tokenizer.encode("a<end>b", parseSpecial: true).contains(end))
        #expect(!tokenizer.encode("a<end>b").contains(end))
        #expect(tokenizer.decode(tokenizer.encode("a<end>b")) == "a<end>b")
    }

    @Test func userDefinedTokensAreAlwaysParsed() throws {
        let tokenizer = try Samples.sentencePiece()
        let tag = try #require(tokenizer.vocabulary.id(of: "<tag>"))
        #expect(tokenizer.encode("a<tag>b").contains(tag))
    }

    @Test func longerTokensAreSplitOffFirst() throws {
        let tokenizer = try Samples.sentencePiece()
        let id = { (text: String) in tokenizer.vocabulary.id(of: text) }
        // "xyz" takes precedence over the earlier but shorter "wx"; "zzzzz" becomes three and then two.
        #expect(tokenizer.encode("wxyz", parseSpecial: true) == [id("▁")!, id("w")!, id("xyz")!])
        #expect(tokenizer.encode("zzzzz", parseSpecial: true) == [id("zzz")!, id("zz")!])
    }

    @Test(arguments: [
        [("a", true), ("<end>", true), ("b", false)],
        [("a<e", true), ("nd>b", true)],
        [("<tag>", false), ("<end>", true)],
        [("<ta", false), ("g>\n", true), ("\n", false)],
    ])
    func segmentsAreEncodedLikeOneText(segments: [(String, Bool)]) throws {
        let tokenizer = try Samples.sentencePiece()
        let whole = segments.map(\.0).joined()
        let tokens = tokenizer.encode(segments: segments.map { PromptSegment($0.0, isTrusted: $0.1) })
        #expect(tokens == tokenizer.encode(whole, parseSpecial: true))
    }

    @Test(arguments: [
        [("a", true), ("<end>", false)],
        [("<e", true), ("nd>", false)],
        [("<en", false), ("d>", true)],
        [("<", true), ("en", false), ("d>", true)],
        [("<e", false), ("nd>", false)],
    ])
    func untrustedTextNeverBecomesAControlToken(segments: [(String, Bool)]) throws {
        let tokenizer = try Samples.sentencePiece()
        let end = try #require(tokenizer.vocabulary.id(of: "<end>"))
        let tokens = tokenizer.encode(segments: segments.map { PromptSegment($0.0, isTrusted: $0.1) })
        #expect(!tokens.contains(end))
    }

    /// Plain text never becomes a control token, even if merges result in that token's text.
    @Test func mergesNeverProduceAControlToken() throws {
        let pieces = ["<", "s", ">", "<s", "<s>"]
        let vocabulary = try Vocabulary(
            pieces: PieceList(pieces), kinds: [.normal, .normal, .normal, .normal, .control])
        var bytePair = TokenizerDescription(model: .bytePair, vocabulary: vocabulary)
        bytePair.merges = PieceList(["< s", "<s >"])
        bytePair.preTokenizer = "gpt-2"
        #expect(!(try Tokenizer(bytePair).encode("<s>").contains(4)))
        var sentencePiece = TokenizerDescription(model: .sentencePiece, vocabulary: vocabulary)
        sentencePiece.addsSpacePrefix = false
        #expect(try Tokenizer(sentencePiece).encode("<s>") == [3, 2])
    }

    @Test func phi3AbsorbsWhitespaceAfterSpecialTokens() throws {
        let plain = try Samples.sentencePiece().encode("<end> \n a", parseSpecial: true)
        #expect(plain.count > 3)
        let phi = try Samples.sentencePiece(modelName: "Phi-3 mini")
        let expected = ["<end>", "▁a"].map { (text: String) in phi.vocabulary.id(of: text) }
        #expect(phi.encode("<end> \n a", parseSpecial: true) == expected)
    }

    // MARK: Beginning and end

    @Test func addsBOSAndEOSIfTheModelUsesThem() throws {
        let tokenizer = try Samples.sentencePiece { $0.addsEOS = true }
        let plain = tokenizer.encode("a")
        #expect(tokenizer.encode("a", addSpecial: true) == [1] + plain + [2])
        #expect(tokenizer.encode("", addSpecial: true) == [1, 2])
        #expect(tokenizer.encode("").isEmpty)
    }

    @Test func idsOutsideTheVocabularyCauseWarnings() throws {
        let tokenizer = try Samples.sentencePiece { $0.special.bos = 70_000 }
        #expect(tokenizer.bos == nil)
        #expect(!tokenizer.addsBOS)
        #expect(tokenizer.warnings == [.specialTokenOutside(70_000, tokens: tokenizer.vocabulary.count)])
        #expect(tokenizer.decode([70_000, -1, .max, .min]).isEmpty)
    }

    @Test func wellKnownNamesEndAReply() throws {
        let vocabulary = try Vocabulary(
            pieces: PieceList(["a", "<|im_end|>", "<|call|>", "<|return|>", "<|end|>", "<|fim_pad|>"]),
            kinds: [.normal, .normal, .control, .control, .control, .control])
        let tokenizer = try Tokenizer(TokenizerDescription(model: .sentencePiece, vocabulary: vocabulary))
        #expect(tokenizer.endOfGeneration == [1, 2, 3, 5])
        #expect(tokenizer.vocabulary.kind(of: 1) == .control)
    }

    // MARK: Characters and pieces

    /// Gemma 4: spaces are `▁`, a run of line feeds is one token, and BOS is added even if the file says otherwise.
    @Test func mergesOfCharactersFallBackToBytes() throws {
        let pieces = ["<bos>", "▁", "a", "b", "▁a", "\n", "\n\n\n", "<0xC3>", "<0xA9>"]
        let vocabulary = try Vocabulary(
            pieces: PieceList(pieces), kinds: [.control] + Array(repeating: .normal, count: 6) + [.byte, .byte])
        var description = TokenizerDescription(model: .gemma4, vocabulary: vocabulary)
        description.merges = PieceList(["▁ a"])
        description.special.bos = 0
        description.addsBOS = false
        let tokenizer = try Tokenizer(description)
        #expect(tokenizer.warnings.isEmpty)
        let text = "b a é\n\n\nb\n"
        let tokens = tokenizer.encode(text, addSpecial: true)
        #expect(tokens == [0, 3, 4, 1, 7, 8, 6, 3, 5])
        #expect(tokenizer.decode(tokens) == text)
    }

    /// Of all ways to write a text, the one with the largest sum of scores, not the longest pieces first.
    @Test func unigramsHaveTheLargestSumOfScores() throws {
        let pieces = ["<s>", "a", "b", "ab", "bc", "abc", "c", "<0xC3>", "<0xA9>"]
        let vocabulary = try Vocabulary(
            pieces: PieceList(pieces), scores: [0, -1, -9, -2, -1, -8, -9, 0, 0],
            kinds: [.control] + Array(repeating: .normal, count: 6) + [.byte, .byte])
        var description = TokenizerDescription(model: .unigram, vocabulary: vocabulary)
        description.special.bos = 0
        let tokenizer = try Tokenizer(description)
        #expect(tokenizer.encode("abcab", addSpecial: true) == [1, 4, 3])
        #expect(tokenizer.encode("é<s>a").suffix(1) == [1])
        #expect(tokenizer.encode("éa") == [7, 8, 1])
        #expect(tokenizer.decode([7, 8, 5]) == "éabc")
        #expect(tokenizer.encode("").isEmpty)
    }

    // MARK: What the template writes

    /// `<tag>` is user-defined: it can be typed, unless the template uses it as a marker.
    @Test func markersOfTheTemplateCannotBeTyped() throws {
        let free = try Samples.sentencePiece()
        #expect(free.encode("a<tag>a").contains(4))
        let reserved = try Samples.sentencePiece { $0.templateText = "{{ '<tag>' + m.content }} zz" }
        #expect(!reserved.encode("a<tag>a").contains(4))
        #expect(reserved.decode(reserved.encode("a<tag>a")) == "a<tag>a")
        #expect(reserved.encode("a<tag>a", parseSpecial: true).contains(4))
        // Only markers: other user-defined tokens stay text.
        #expect(reserved.encode("zz").contains(8))
        // Replies still show it.
        #expect(reserved.decode([4]) == "<tag>")
    }

    /// Merges make a normal token of it; the template's own text still does.
    @Test func markersThatMergesProduceCannotBeTyped() throws {
        func tokenizer(_ template: String) throws -> Tokenizer {
            let vocabulary = try Vocabulary(
                pieces: PieceList(["<", "t", ">", "<t", "<t>", "x"]), scores: [-9, -9, -9, -2, -1, -9])
            var description = TokenizerDescription(model: .sentencePiece, vocabulary: vocabulary)
            description.addsSpacePrefix = false
            description.templateText = template
            return try Tokenizer(description)
        }
        #expect(try tokenizer("").encode("x<t>x") == [5, 4, 5])
        let reserved = try tokenizer("<t>")
        #expect(reserved.encode("x<t>x") == [5, 3, 2, 5])
        #expect(reserved.encode("x<t>x", parseSpecial: true) == [5, 4, 5])
    }

    @Test func aControlTokenThatTheTemplateEndsTurnsWithEndsReplies() throws {
        #expect(try Samples.sentencePiece { $0.special.templateEnd = "<end>" }.endOfGeneration.contains(3))
        #expect(try !Samples.sentencePiece().endOfGeneration.contains(3))
        // Any other token is text, which the engine looks for.
        #expect(try !Samples.sentencePiece { $0.special.templateEnd = "<tag>" }.endOfGeneration.contains(4))
    }

    // MARK: Bad descriptions

    @Test func unknownPreTokenizerCausesAWarning() throws {
        var description = TokenizerDescription(
            model: .bytePair, vocabulary: try Vocabulary(pieces: PieceList(["a", "b", "ab"])))
        description.merges = PieceList(["a b"])
        description.preTokenizer = "other"
        let tokenizer = try Tokenizer(description)
        #expect(tokenizer.warnings == [.unknownPreTokenizer("other")])
        #expect(tokenizer.encode("ab") == [2])
    }

    @Test func rejectsInvalidVocabularies() throws {
        #expect(throws: TokenizerError.tokenCount(0)) { try Vocabulary(pieces: PieceList()) }
        #expect(throws: TokenizerError.countMismatch("scores", 2, tokens: 1)) {
            try Vocabulary(pieces: PieceList(["a"]), scores: [1, 2])
        }
        #expect(throws: TokenizerError.tokenTooLong(1, bytes: 5000)) {
            try Vocabulary(pieces: PieceList(["a", String(repeating: "b", count: 5000)]))
        }
        #expect(throws: TokenizerError.missingMerges) {
            try Tokenizer(.init(model: .bytePair, vocabulary: Vocabulary(pieces: PieceList(["a"]))))
        }
    }

    @Test func everyPreTokenizerCanBeUsed() throws {
        #expect(Set(PreTokenizers.names).count == PreTokenizers.names.count)
        let known: Set = ["default", "smollm", "gpt-2", "llama-bpe", "qwen2", "starcoder"]
        #expect(known.isSubset(of: PreTokenizers.names))
        let text = "Hello, it's 12345 people;\r\n\n  漢字かな العربية ÉCOLE École e\u{301} 🤖  \t"
        for name in PreTokenizers.names {
            let tokenizer = try Samples.bytePair(preTokenizer: name, merges: ["l l", "1 2", "Ġ Ġ"])
            #expect(tokenizer.warnings.isEmpty)
            // Those that join characters need byte tokens for these.
            guard try !#require(PreTokenizers.find(name)).joinsCharacters else { continue }
            #expect(tokenizer.decode(tokenizer.encode(text)).utf8.elementsEqual(text.utf8), "\(name)")
        }
    }

    /// Merges that are repeated, name unknown pieces, or are not pairs.
    @Test func toleratesInvalidMerges() throws {
        var description = TokenizerDescription(
            model: .bytePair, vocabulary: try Vocabulary(pieces: PieceList(["a", "b", "c", "ab", "abc", ""])))
        description.merges = PieceList(["a b", "a b", "", " ", "ab", "c d", "b c", "ab c", "x ", " y"])
        description.preTokenizer = "gpt-2"
        let tokenizer = try Tokenizer(description)
        #expect(tokenizer.encode("abc") == [4])
        // "bc" is a merge but not a token: it is split into bytes.
        #expect(tokenizer.encode("bc") == [1, 2])
        #expect(tokenizer.encode("zzz").isEmpty)
    }
}
