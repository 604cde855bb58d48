import Testing
import Tokenizers

/// Texts made to be slow. Nothing here is timed; work that grows with the square of a text would simply not finish.
struct HostileTextTests {
    /// Long enough that quadratic work would be felt, short enough for unoptimised builds.
    static let length = 40_000
    static let texts = [
        String(repeating: "a", count: length), String(repeating: " ", count: length),
        String(repeating: "\n", count: length), String(repeating: "<", count: length),
        String(repeating: "<end", count: length / 4), String(repeating: "z", count: length),
        String(repeating: " \n", count: length / 2) + "x", String(repeating: "a\u{301}", count: length / 2),
        String(repeating: "1", count: length), String(repeating: "'", count: length),
        String(repeating: "Aa", count: length / 2),
    ]

    @Test(arguments: ["gpt-2", "smollm", "llama-bpe", "qwen2", "tekken", "gpt-4o", "deepseek-v3", "nobody's"])
    func bytePairEncodingStaysQuick(preTokenizer: String) throws {
        let tokenizer = try Samples.bytePair(preTokenizer: preTokenizer, merges: ["a a", "aa aa", "Ġ Ġ", "Ċ Ċ", "1 1"])
        for text in Self.texts { #expect(tokenizer.decode(tokenizer.encode(text)) == text) }
    }

    @Test func sentencePieceStaysQuick() throws {
        // Without the space that would come back after every special token.
        let tokenizer = try Samples.sentencePiece { $0.addsSpacePrefix = false }
        for text in Self.texts {
            let tokens = tokenizer.encode(text, parseSpecial: true)
            #expect(tokenizer.decode(tokens, special: true) == text)
        }
    }
}
