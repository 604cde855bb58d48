import Foundation
import Testing

@testable import Tokenizers

/// Words of random lines, compared with those of Hugging Face's tokenizers (scripts/golden/pre_tokenizers.py).
@Suite struct PreTokenizerTests {
    private struct Golden: Decodable {
        /// Lines with characters whose kind depends on the version of Unicode.
        var omitted: Set<Int> = []
        /// By pre-tokenizer: a hash for each hundred lines.
        var words: [String: [String]] = [:]
    }

    private static let golden: Golden = {
        let text = (try? References.golden("pre-tokenizers.json")) ?? ""
        return (try? JSONDecoder().decode(Golden.self, from: Data(text.utf8))) ?? Golden()
    }()

    @Test func theReferenceIsThere() {
        #expect(Self.golden.words.count == 22)
        #expect(Self.golden.omitted.count < 1000)
    }

    @Test(arguments: golden.words.keys.sorted())
    func splitsLikeTheReference(name: String) throws {
        let splitter = try PreTokenizer(try #require(PreTokenizers.find(name)))
        let lines = try RandomTextTests.lines()
        let expected = try #require(Self.golden.words[name])
        #expect(expected.count * 100 == lines.count)
        for (index, hash) in expected.enumerated() {
            let compared = (index * 100..<(index + 1) * 100).filter { !Self.golden.omitted.contains($0) }
            let lengths = compared.flatMap { line -> [Int32] in
                splitter.split(lines[line].unicodeScalars.map(ClassifiedScalar.init)).map(Int32.init) + [0]
            }
            #expect(RandomTextTests.hash(lengths) == hash, "lines \(index * 100)…")
        }
    }
}
