import Testing
import Tokenizers

/// Texts designed to be slow. Nothing is timed, but quadratic work would not finish in reasonable time.
struct HostileTextTests {
    /// Long enough to make quadratic work noticeable, short enough for unoptimised builds.
    static let length = 40_000
    static let texts = [
        String(repeating: "a", count: length), String(repeating: " ", count: length),
        String(repeating: "\n", count: length), String(repeating: "<", count: length),
        String(repeating: "<end", count: length / 4), String(repeating: "z", count: length),
        String(repeating: " \n", count: length / 2) + "x", String(repeating: "a\u{301}", count: length / 2),
        String(repeating: "1", count: length), String(repeating: "'", count: length),
        String(repeating: "Aa", count: length / 2),
    ]

    @Test(arguments: [
        "gpt-2", "smollm", "llama-bpe", "qwen2", "tekken", "gpt-4o", "deepseek-v3", "jais-2", "exaone-moe", "afmoe",
        "bloom", "unknown",
    ])
    func bytePairEncodingStaysFast(preTokenizer: String) throws {
        let tokenizer = try Samples.bytePair(preTokenizer: preTokenizer, merges: ["a a", "aa aa", "Ġ Ġ", "Ċ Ċ", "1 1"])
        for text in Self.texts { #expect(tokenizer.decode(tokenizer.encode(text)) == text) }
    }

    @Test func unigramsStayFast() throws {
        let pieces = (1...200).map { String(repeating: "a", count: $0) }
        let vocabulary = try Vocabulary(
            pieces: PieceList(pieces), scores: (1...200).map { -Float($0) / 7 })
        let tokenizer = try Tokenizer(TokenizerDescription(model: .unigram, vocabulary: vocabulary))
        #expect(tokenizer.decode(tokenizer.encode(Self.texts[0])) == Self.texts[0])
    }

    @Test func sentencePieceStaysFast() throws {
        // Without the space prefix, which would be decoded after every special token.
        let tokenizer = try Samples.sentencePiece { $0.addsSpacePrefix = false }
        for text in Self.texts {
            let tokens = tokenizer.encode(text, parseSpecial: true)
            #expect(tokenizer.decode(tokens, special: true) == text)
        }
    }
}
