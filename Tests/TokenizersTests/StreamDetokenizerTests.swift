import Testing
import Tokenizers

struct StreamDetokenizerTests {
    /// For any tokens, the stream equals the decoded text and never contains an incomplete character.
    @Test func streamEqualsDecodedText() throws {
        let tokenizers = [try Samples.sentencePiece(), try Samples.bytePair(merges: ["Ã ©", "Ġ a"])]
        var random = SeededGenerator(seed: 7)
        for tokenizer in tokenizers {
            for _ in 0..<2_000 {
                let tokens = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                    Int32.random(in: 0..<Int32(tokenizer.vocabulary.count), using: &random)
                }
                let special = Bool.random(using: &random)
                var stream = StreamDetokenizer(tokenizer, special: special)
                let pieces = tokens.map { stream.push($0) } + [stream.finish()]
                #expect(pieces.joined().utf8.elementsEqual(tokenizer.decode(tokens, special: special).utf8))
                var bytes = tokens.flatMap { tokenizer.bytes(of: $0, special: special) }
                if bytes.first == 0x20, tokenizer.addsBOS { bytes.removeFirst() }
                #expect(pieces.joined().utf8.elementsEqual(String(decoding: bytes, as: UTF8.self).utf8))
            }
        }
    }

    @Test(arguments: ["é", "漢", "😀", "a😀b", "👩‍🚀"])
    func charactersArriveComplete(text: String) throws {
        let tokenizer = try Samples.bytePair(merges: ["a b"])
        var stream = StreamDetokenizer(tokenizer)
        let pieces = tokenizer.encode(text).map { stream.push($0) }
        #expect(pieces.joined() == text)
        #expect(pieces.allSatisfy { !$0.contains("\u{FFFD}") })
        #expect(stream.finish().isEmpty)
    }

    @Test func invalidBytesAreShownImmediately() throws {
        let tokenizer = try Samples.bytePair(merges: ["a b"])
        var stream = StreamDetokenizer(tokenizer)
        #expect(stream.push(0xE6).isEmpty)
        #expect(stream.push(0x61) == "\u{FFFD}a")
        #expect(stream.push(0xFF) == "\u{FFFD}")
        #expect(stream.push(0xF0).isEmpty)
        #expect(stream.push(0x9F).isEmpty)
        #expect(stream.finish() == "\u{FFFD}")
        #expect(stream.finish().isEmpty)
    }

    @Test func removesTheFirstSpaceUnlessATextIsContinued() throws {
        let tokenizer = try Samples.sentencePiece()
        let tokens = tokenizer.encode("a a")
        #expect(tokenizer.decode(tokens) == "a a")
        var continued = StreamDetokenizer(tokenizer, continuesText: true)
        #expect(tokens.map { continued.push($0) }.joined() == " a a")
    }
}

/// SplitMix64: the same random numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
