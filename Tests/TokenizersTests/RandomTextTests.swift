import Foundation
import GGUF
import Inference
import Testing
import Tokenizers

/// Thousands of lines of random Unicode text, tokenized by the reference (scripts/golden/random_tokens.py).
/// Skipped unless SOTTO_TEST_MODELS is set to the folder of the real models.
@Suite(.enabled(if: References.models != nil, "Set SOTTO_TEST_MODELS to the folder of the real models"))
struct RandomTextTests {
    static let models = ["SmolLM2-135M-Instruct.Q4_1", "gemma-3-270m-Q4_K_M"]

    @Test(arguments: models)
    func sameTokens(model: String) throws {
        try compare("\(References.models!)/\(model).gguf", "\(model).random-tokens.txt")
    }

    @Test(
        .enabled(if: References.llamaCpp != nil, "Set SOTTO_TEST_REFERENCE to llama.cpp's source folder"),
        arguments: ["llama-bpe", "qwen2"])
    func sameTokens(vocabulary: String) throws {
        let name = "ggml-vocab-\(vocabulary)"
        try compare("\(References.llamaCpp!)/models/\(name).gguf", "\(name).random-tokens.txt")
    }

    /// Tokenizer model `plamo2` with another vocabulary (scripts/golden/unigram_tokens.py).
    @Test(.enabled(if: References.llamaCpp != nil, "Set SOTTO_TEST_REFERENCE to llama.cpp's source folder"))
    func sameUnigrams() throws {
        let file = try GGUFFile(path: "\(References.llamaCpp!)/models/ggml-vocab-llama-spm.gguf")
        var description = try #require(try TokenizerDescription(file))
        description.model = .unigram
        let tokenizer = try Tokenizer(description)
        let golden = try References.golden("unigram-tokens.json")
        let expected = try JSONDecoder().decode([String].self, from: Data(golden.utf8))
        let texts = try Self.lines()
        #expect(expected.count * 100 == texts.count)
        for (index, hash) in expected.enumerated() {
            let tokens = texts[index * 100..<(index + 1) * 100].flatMap { text -> [Int32] in
                // In the reference, text can become a control token.
                let hasControl = ["<s>", "</s>"].contains { text.range(of: $0, options: .literal) != nil }
                return (hasControl ? [] : tokenizer.encode(text)) + [0]
            }
            #expect(Self.hash(tokens) == hash, "lines \(index * 100)…")
        }
    }

    private func compare(_ path: String, _ golden: String) throws {
        let tokenizer = try #require(try Tokenizer(GGUFFile(path: path)))
        let texts = try Self.lines()
        let expected = try References.golden(golden).split(separator: "\n")
        #expect(texts.count == 4000)
        #expect(expected.count == 4000)
        for (text, line) in zip(texts, expected) {
            let plain = tokenizer.encode(text)
            let special = tokenizer.encode(text, parseSpecial: true)
            #expect(
                "\(plain.count) \(Self.hash(plain)) \(special.count) \(Self.hash(special))" == line,
                "\(text.debugDescription): \(plain) and \(special)")
        }
    }

    /// Except for some control characters, which are not in the vocabularies, and `▁`, which SentencePiece treats as a
    /// space.
    @Test(arguments: models)
    func textsRoundTrip(model: String) throws {
        let tokenizer = try #require(try Tokenizer(GGUFFile(path: "\(References.models!)/\(model).gguf")))
        let lossy = { (scalar: Unicode.Scalar) in
            scalar == "▁" || scalar.value < 0x20 && !"\t\n\r".unicodeScalars.contains(scalar)
        }
        for text in try Self.lines() where !text.unicodeScalars.contains(where: lossy) {
            #expect(tokenizer.decode(tokenizer.encode(text)).utf8.elementsEqual(text.utf8), "\(text.debugDescription)")
        }
    }

    static func lines() throws -> [String] {
        try References.golden("random-lines.jsonl").split(separator: "\n").map {
            try JSONDecoder().decode(String.self, from: Data($0.utf8))
        }
    }

    /// FNV-1a over the ids as little-endian 32-bit numbers, in hexadecimal.
    static func hash(_ tokens: [Int32]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for token in tokens {
            for shift in [0, 8, 16, 24] {
                hash = (hash ^ UInt64(token >> Int32(shift) & 0xFF)) &* 0x100_0000_01b3
            }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
