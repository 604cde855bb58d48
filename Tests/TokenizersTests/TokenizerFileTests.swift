import Foundation
import JSON
import Testing

@testable import Tokenizers

/// Small tokenizers of every kind, compared with the package `tokenizers` (scripts/golden/tokenizer_files.py).
@Suite struct TokenizerFileTests {
    static let names = [
        "gpt2", "llama3", "llama2", "metaspace", "words_end", "prefixed", "unigram", "unigram_bytes", "bert", "words",
    ]

    static func golden(_ name: String) throws -> JSONValue {
        try JSONReader.read(try References.golden("tokenizers/\(name).json"))
    }

    static func bytes(_ name: String) throws -> [UInt8] { Array(try References.golden("tokenizers/\(name).json").utf8) }

    static func tokenizer(_ name: String) throws -> Tokenizer {
        try Tokenizer(TokenizerDescription(tokenizerJSON: bytes(name), configuration: nil))
    }

    static func strings() throws -> [String] {
        try #require(try golden("strings").array).map { try #require($0.string) }
    }

    static func hash(_ bytes: some Sequence<UInt8>) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    @Test(arguments: names)
    func sameTokensAndTexts(name: String) throws {
        let tokenizer = try Self.tokenizer(name)
        let strings = try Self.strings()
        let expected = try #require(try Self.golden("expected").object?[name]?.array)
        #expect(strings.count == 400)
        #expect(expected.count == strings.count)
        for (text, hashes) in zip(strings, expected) {
            let tokens = tokenizer.encode(text, parseSpecial: true, addSpecial: true)
            let expected = try #require(hashes.string).split(separator: " ").map(String.init)
            #expect(RandomTextTests.hash(tokens) == expected[0], "\(text.debugDescription): \(tokens)")
            // A hyphen stands for a text with bytes that are not UTF-8.
            if expected[1] != "-" {
                #expect(Self.hash(tokenizer.decode(tokens).utf8) == expected[1], "\(text.debugDescription): \(tokens)")
            }
        }
    }

    /// What arrives in a stream is what is decoded at once.
    @Test(arguments: names)
    func streamsAreDecodedTexts(name: String) throws {
        let tokenizer = try Self.tokenizer(name)
        for text in try Self.strings().prefix(100) {
            let tokens = tokenizer.encode(text, parseSpecial: true)
            var stream = StreamDetokenizer(tokenizer)
            let pieces = tokens.map { stream.push($0) } + [stream.finish()]
            #expect(pieces.joined() == tokenizer.decode(tokens))
        }
    }

    // MARK: Steps alone

    @Test func sameWords() throws {
        let strings = try Self.strings().enumerated().filter { $0.offset % 4 == 0 }.map(\.element)
        let steps = try #require(try Self.golden("steps").array).compactMap(\.object)
        let splitters = steps.filter { $0["pre_tokenizer"] != nil }
        #expect(splitters.count > 40)
        for step in splitters {
            let field = FileField(step["pre_tokenizer"], "pre_tokenizer")
            let splitters = try WordSplitter.steps(field)
            for (text, hash) in zip(strings, try #require(step["hashes"]?.array)) {
                let words = Self.words(of: text, splitters)
                #expect(
                    Self.hash(words.joined(separator: "\0").utf8) == hash.string,
                    "\(JSONWriter.compact(field.value ?? .null)) \(text.debugDescription): \(words)")
            }
        }
    }

    private static func words(of text: String, _ steps: [WordSplitter]) -> [String] {
        let scalars = text.unicodeScalars.map { TextScalar($0.value, isTrusted: true) }
        let split = SplitText(scalars, isFirst: true, steps)
        return split.words.map { word in
            var text = ""
            text.unicodeScalars.append(
                contentsOf: split.scalars[word.start..<word.end].compactMap { Unicode.Scalar($0.value) })
            return text
        }
    }

    @Test func sameNormalizedTexts() throws {
        let strings = try Self.strings().enumerated().filter { $0.offset % 4 == 0 }.map(\.element)
        let steps = try #require(try Self.golden("steps").array).compactMap(\.object)
        let changers = steps.filter { $0["normalizer"] != nil }
        #expect(changers.count > 15)
        for step in changers {
            let field = FileField(step["normalizer"], "normalizer")
            let changer = try TextNormalizer.steps(field)
            for (text, hash) in zip(strings, try #require(step["hashes"]?.array)) {
                let scalars = text.unicodeScalars.map { TextScalar($0.value, isTrusted: true) }
                var changed = ""
                changed.unicodeScalars.append(contentsOf: NormalizedText(scalars[...], changer).scalars.map(\.scalar))
                #expect(
                    Self.hash(changed.utf8) == hash.string,
                    "\(JSONWriter.compact(field.value ?? .null)) \(text.debugDescription): \(changed.debugDescription)")
            }
        }
    }

    // MARK: Vocabulary and roles

    @Test func theVocabularyHasAllTokensAtTheirIDs() throws {
        let description = try SmallFile(
            added: [.init("<s>", special: true), .init("new"), .init("b")], extra: [("<0x0A>", 9)],
            model: #""byte_fallback":true,"#
        ).description()
        let vocabulary = description.vocabulary
        let kinds = (0..<Int32(vocabulary.count)).map(vocabulary.kind(of:))
        // Four tokens of the model, a hole, a byte, and the new token at the number of the model's tokens.
        #expect(
            kinds == [
                .control, .normal, .userDefined, .normal, .unused, .userDefined, .unused, .unused, .unused, .byte,
            ])
        #expect(vocabulary.id(of: "new") == 5)
        #expect(vocabulary.id(of: "<s>") == 0)
        #expect(try Tokenizer(description).decode([1, 9, 3]) == "a\nab")
    }

    @Test func rolesComeFromTheConfigurationAndTheTemplate() throws {
        let template = """
            {"type":"Sequence","processors":[{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true},
            {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},
            {"Sequence":{"id":"A","type_id":0}}],"pair":[],
            "special_tokens":{"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]}}}]}
            """
        let file = SmallFile(added: [.init("<s>", special: true)], parts: #""post_processor":\#(template),"#)
        let named: JSONObject = ["bos_token": .string("<s>"), "eos_token": .object(["content": .string("ab")])]
        let tokenizer = try Tokenizer(file.description(named))
        #expect(tokenizer.bos == 0)
        #expect(tokenizer.eos == 3)
        #expect(tokenizer.addsBOS)
        #expect(!tokenizer.addsEOS)
        #expect(tokenizer.endOfGeneration.contains(3))
        #expect(tokenizer.vocabulary.kind(of: 3) == .control)
        #expect(tokenizer.encode("a", addSpecial: true) == [0, 1])
        #expect(tokenizer.encode("a") == [1])
        // Without names, from the template; and a text that does not start with the token that is named.
        #expect(try Tokenizer(file.description()).bos == 0)
        #expect(try !Tokenizer(file.description(["bos_token": .string("b")])).addsBOS)
    }

    @Test func bertPutsTokensAroundTexts() throws {
        let file = SmallFile(
            added: [.init("<s>", special: true), .init("</s>", special: true)],
            parts: #""post_processor":{"type":"BertProcessing","sep":["</s>",4],"cls":["<s>",0]},"#)
        let tokenizer = try Tokenizer(file.description())
        #expect(tokenizer.encode("ab", addSpecial: true) == [0, 3, 4])
        #expect(tokenizer.addsBOS)
        #expect(tokenizer.addsEOS)
    }

    // MARK: Text from outside

    @Test func specialTokensAreFoundOnlyInTrustedText() throws {
        let file = SmallFile(added: [.init("<s>", special: true), .init("<a>")])
        let tokenizer = try Tokenizer(file.description())
        let special = try #require(tokenizer.vocabulary.id(of: "<s>"))
        let other = try #require(tokenizer.vocabulary.id(of: "<a>"))
        func tokens(_ segments: (String, Bool)...) -> [Int32] {
            tokenizer.encode(segments: segments.map { PromptSegment($0.0, isTrusted: $0.1) })
        }
        #expect(tokens(("a<s>b", true)) == [1, special, 2])
        #expect(tokens(("a<", true), ("s>b", true)) == [1, special, 2])
        #expect(!tokens(("a<s>b", false)).contains(special))
        #expect(!tokens(("<s", true), (">", false)).contains(special))
        #expect(!tokens(("<", false), ("s>", true)).contains(special))
        #expect(tokens(("<", false), ("a>", true)) == [other])
        #expect(tokens(("<s>", true), ("<s>", false), ("<s>", true)).filter { $0 == special }.count == 2)
    }

    /// Trust follows characters through normalizers.
    @Test(arguments: [
        #"{"type":"Prepend","prepend":"▁"}"#, #"{"type":"Lowercase"}"#, #"{"type":"NFKC"}"#,
        #"{"type":"Replace","pattern":{"String":"x"},"content":"<s"}"#,
        #"{"type":"Replace","pattern":{"Regex":"x+"},"content":"<s>"}"#,
    ])
    func normalizersDoNotMakeSpecialTokensOfTextFromOutside(normalizer: String) throws {
        let file = SmallFile(
            added: [.init("<s>", special: true, normalized: true)], parts: #""normalizer":\#(normalizer),"#)
        let tokenizer = try Tokenizer(file.description())
        for text in ["<s>", "<S>", "＜s＞", "x>", "x", "a<s>b", "xx"] {
            #expect(!tokenizer.encode(text).contains(0), "\(text)")
            let mixed = [PromptSegment("a", isTrusted: true), PromptSegment(text, isTrusted: false)]
            #expect(!tokenizer.encode(segments: mixed).contains(0), "\(text)")
        }
    }

    @Test func mergesNeverProduceAControlToken() throws {
        let tokenizer = try Tokenizer(SmallFile(added: [.init("ab", special: true)]).description())
        #expect(tokenizer.encode("ab", parseSpecial: true) == [3])
        #expect(tokenizer.encode("ab") == [1, 2])
        #expect(tokenizer.encode("aab") == [1, 1, 2])
    }

    @Test func markersOfTheTemplateCannotBeTyped() throws {
        var description = try SmallFile(added: [.init("<a>")]).description()
        description.templateText = "{{ '<a>' + m.content }}"
        let tokenizer = try Tokenizer(description)
        let marker = try #require(tokenizer.vocabulary.id(of: "<a>"))
        #expect(tokenizer.encode("a<a>", parseSpecial: true) == [1, marker])
        #expect(!tokenizer.encode("a<a>").contains(marker))
    }

    // MARK: Added tokens

    @Test func addedTokensAbsorbSpaceAndKeepToWords() throws {
        let tokenizer = try Tokenizer(
            SmallFile(added: [
                .init("<l>", flags: #""lstrip":true,"#), .init("<r>", flags: #""rstrip":true,"#),
                .init("<w>", flags: #""single_word":true,"#), .init("<l><r>"),
            ]).description())
        let id = { (text: String) in tokenizer.vocabulary.id(of: text) ?? -1 }
        #expect(tokenizer.encode("a  <l> \n b") == [1, id("<l>"), 2])
        #expect(tokenizer.encode("a<r>  b") == [1, id("<r>"), 2])
        #expect(tokenizer.encode("a<l><r>b") == [1, id("<l><r>"), 2])
        #expect(tokenizer.encode("a <w> b") == [1, id("<w>"), 2])
        #expect(!tokenizer.encode("a<w>b").contains(id("<w>")))
    }

    // MARK: Decoders

    @Test(arguments: [
        (#"{"type":"CTC","pad_token":"<s>","word_delimiter_token":"b","cleanup":true}"#, "a a ", [1, 1, 2, 3, 3]),
        (#"{"type":"BPEDecoder","suffix":"b"}"#, "a a a", [3, 3, 1]),
        (#"{"type":"BPEDecoder","suffix":"b"}"#, "a a", [3, 3]),
        (#"{"type":"WordPiece","prefix":"b","cleanup":true}"#, "a a ab", [1, 1, 3, 2]),
        ("null", "a b", [1, 2]),
        (#"{"type":"Strip","content":"a","start":1,"stop":0}"#, "bb", [3, 1, 2]),
        (#"{"type":"Replace","pattern":{"Regex":"a(?=b)"},"content":"▁"}"#, "▁ba", [3, 1]),
    ])
    func decodersGiveTexts(decoder: String, text: String, tokens: [Int32]) throws {
        let tokenizer = try Tokenizer(SmallFile(decoder: decoder).description())
        #expect(tokenizer.decode(tokens) == text)
    }
}
