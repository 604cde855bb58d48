import Testing

@testable import Tokenizers

/// Tokenizers of folders as GGUF files describe them.
@Suite struct FormForGGUFTests {
    /// Byte-level ones with a known way of splitting, and SentencePiece's.
    @Test(arguments: ["gpt2", "llama3", "llama2"])
    func tokensAreTheSame(name: String) throws {
        let description = try TokenizerDescription(
            tokenizerJSON: try TokenizerFileTests.bytes(name), configuration: nil)
        let form = try description.formForGGUF()
        #expect(form.pipeline == nil)
        #expect(form.model == (name == "llama2" ? .sentencePiece : .bytePair))
        let (own, other) = (try Tokenizer(description), try Tokenizer(form))
        for text in try TokenizerFileTests.strings() {
            // At white space beside added tokens the two kinds differ, as published; these are some of the samples'.
            guard !text.contains("<"), !text.contains("Zürich") else { continue }
            #expect(own.encode(text) == other.encode(text), "\(text.debugDescription)")
        }
    }

    @Test(arguments: ["words_end", "prefixed", "unigram", "unigram_bytes", "bert", "words"])
    func whatGGUFCannotDescribeIsRefused(name: String) throws {
        let description = try TokenizerDescription(
            tokenizerJSON: try TokenizerFileTests.bytes(name), configuration: nil)
        #expect(throws: TokenizerError.self) { try description.formForGGUF() }
    }
}
