import Foundation
import GGUF
import Inference
import Testing
import Tokenizers

/// llama.cpp's tokenizer test data. Skipped unless SOTTO_TEST_REFERENCE is set to its source folder.
@Suite(.enabled(if: References.llamaCpp != nil, "Set SOTTO_TEST_REFERENCE to llama.cpp's source folder"))
struct ReferenceVocabularyTests {
    @Test(arguments: [
        "llama-spm", "phi-3", "gpt-2", "mpt", "starcoder", "refact", "command-r", "llama-bpe", "qwen2", "qwen35",
        "falcon", "deepseek-llm", "deepseek-coder", "gemma-4",
    ])
    func sameTokens(vocabulary: String) throws {
        let path = "\(References.llamaCpp!)/models/ggml-vocab-\(vocabulary).gguf"
        let tokenizer = try #require(try Tokenizer(GGUFFile(path: path)))
        let texts = try String(contentsOfFile: path + ".inp", encoding: .utf8)
            .components(separatedBy: "\n__ggml_vocab_test__\n")
        let expected = try String(contentsOfFile: path + ".out", encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(texts.count > 40)
        for (text, ids) in zip(texts, expected) {
            let tokens = tokenizer.encode(text)
            #expect(tokens.map(String.init) == ids.split(separator: " ").map(String.init), "\(text.debugDescription)")
        }
    }
}
