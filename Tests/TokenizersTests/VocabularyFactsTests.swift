import Foundation
import GGUF
import Inference
import Testing
import Tokenizers

/// Special tokens, compared with the reference (scripts/golden/vocabulary_facts.py).
/// Skipped unless SOTTO_TEST_MODELS and SOTTO_TEST_REFERENCE are set to the folders of models and vocabularies.
@Suite(
    .enabled(
        if: References.models != nil && References.llamaCpp != nil, "Set SOTTO_TEST_MODELS and SOTTO_TEST_REFERENCE"))
struct VocabularyFactsTests {
    struct Facts: Decodable, Sendable {
        let file: String
        let endOfGeneration: Set<Int32>
        let addsBOS: Bool
        let addsEOS: Bool
        let text: String
        let tokens: [Int32]
    }

    @Test func sameSpecialTokens() throws {
        let lines = try References.golden("vocabulary-facts.jsonl").split(separator: "\n")
        #expect(lines.count == 15)
        for line in lines {
            let facts = try JSONDecoder().decode(Facts.self, from: Data(line.utf8))
            let isVocabulary = facts.file.hasPrefix("ggml-vocab-")
            let folder = isVocabulary ? "\(References.llamaCpp!)/models" : References.models!
            let tokenizer = try #require(try Tokenizer(GGUFFile(path: "\(folder)/\(facts.file)")))
            #expect(tokenizer.endOfGeneration == facts.endOfGeneration, "\(facts.file)")
            #expect(tokenizer.addsBOS == facts.addsBOS, "\(facts.file)")
            #expect(tokenizer.addsEOS == facts.addsEOS, "\(facts.file)")
            #expect(tokenizer.encode(facts.text, parseSpecial: true, addSpecial: true) == facts.tokens, "\(facts.file)")
            #expect(tokenizer.warnings.isEmpty, "\(facts.file)")
        }
    }
}
