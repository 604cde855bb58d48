import JSON
import Testing

@testable import Tokenizers

/// Files that are wrong, hostile or damaged.
@Suite struct TokenizerFileErrorTests {
    private func problem(_ text: String) -> String {
        do {
            _ = try TokenizerDescription(tokenizerJSON: Array(text.utf8), configuration: nil)
            return "none"
        } catch { return "\(error)" }
    }

    @Test(arguments: [
        ("", "tokenizer.json: JSON error at line 1, column 1: expected a value"),
        ("[]", "tokenizer.json: an object expected"),
        ("{}", "tokenizer.json: model.vocab: an object expected"),
        (#"{"version":"2.0"}"#, #"tokenizer.json: version: only version "1.0" is supported"#),
        (
            #"{"model":{"type":"Trie"}}"#,
            #"tokenizer.json: model.type: "Trie" is not supported; supported are BPE, Unigram, WordPiece, WordLevel"#
        ),
        (#"{"model":{"type":"BPE","vocab":{},"merges":[]}}"#, "tokenizer.json: model.vocab: it has no tokens"),
        (
            #"{"model":{"vocab":{"a":-1},"merges":[]}}"#,
            #"tokenizer.json: model.vocab: the id of "a" is not a number from 0 on"#
        ),
        (
            #"{"model":{"vocab":{"a":0,"b":0},"merges":[]}}"#,
            "tokenizer.json: model.vocab: more than one token has the id 0"
        ),
        (
            #"{"model":{"vocab":{"a":1099511627776},"merges":[]}}"#,
            "tokenizer.json: model.vocab: the id 1099511627776 is too large; 1 tokens can have ids below 65538"
        ),
        (#"{"model":{"vocab":{"a":0},"merges":["a"]}}"#, "tokenizer.json: model.merges[0]: two pieces expected"),
        (
            #"{"model":{"vocab":{"a":0},"merges":["a a"]}}"#,
            #"tokenizer.json: model.merges[0]: "aa" is not in the vocabulary"#
        ),
        (
            #"{"model":{"vocab":{"a":0},"merges":[["\u001b[31m","a"]]}}"#,
            #"tokenizer.json: model.merges[0]: "\u{1B}[31m" is not in the vocabulary"#
        ),
        (
            #"{"model":{"type":"Unigram","vocab":[["a"]]}}"#,
            "tokenizer.json: model.vocab[0]: a piece and its score expected"
        ),
        (
            #"{"model":{"type":"Unigram","unk_id":3,"vocab":[["a",-1]]}}"#,
            "tokenizer.json: model.unk_id: 3, but there are 1 tokens"
        ),
        (
            #"{"model":{"type":"WordPiece","vocab":{"a":0},"unk_token":"a","continuing_subword_prefix":"_"}}"#,
            "tokenizer.json: model.max_input_chars_per_word: a number from 0 on expected"
        ),
    ])
    func errorsNameTheField(text: String, message: String) {
        #expect(problem(text) == message)
    }

    @Test(arguments: [
        (
            #""pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Whitespace"},{"type":"Split","pattern":{"String":"a"},"behavior":"Kept","invert":false}]},"#,
            "pre_tokenizer.pretokenizers[1].behavior: \"Kept\" is not supported; "
                + "supported are Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous"
        ),
        (
            #""pre_tokenizer":{"type":"Split","pattern":{"Regex":"(a"},"behavior":"Removed","invert":false},"#,
            #"pre_tokenizer.pattern.Regex: pattern "(a", character 2: ")" expected"#
        ),
        (
            #""pre_tokenizer":{"type":"Split","pattern":{"Regex":"\\p{Klingon}"},"behavior":"Removed","invert":false},"#,
            #"pre_tokenizer.pattern.Regex: pattern "\\p{Klingon}", character 11: unknown property "Klingon""#
        ),
        (
            #""pre_tokenizer":{"type":"Metaspace","replacement":"__"},"#,
            "pre_tokenizer.replacement: one character expected"
        ),
        (
            #""normalizer":{"type":"Precompiled","precompiled_charsmap":"/////wA="},"#,
            "normalizer.precompiled_charsmap: a trie of 4294967295 bytes does not fit in 5 bytes"
        ),
        (
            #""normalizer":{"type":"Precompiled","precompiled_charsmap":"?"},"#,
            "normalizer.precompiled_charsmap: base64 expected"
        ),
        (
            #""post_processor":{"type":"BertProcessing","sep":["b",9],"cls":["a",0]},"#,
            "post_processor.sep[1]: 9, but there are 4 tokens"
        ),
        (
            #""post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x"}}],"special_tokens":{}},"#,
            "post_processor.special_tokens.x.ids: a list expected"
        ),
    ])
    func errorsNameTheFieldOfAStep(parts: String, message: String) {
        #expect(problem(SmallFile(parts: parts).text) == "tokenizer.json: " + message)
    }

    @Test func unknownVariantsAreNamed() {
        for (section, known) in [("normalizer", "NFC"), ("pre_tokenizer", "Digits"), ("post_processor", "ByteLevel")] {
            let message = problem(SmallFile(parts: #""\#(section)":{"type":"Quantum"},"#).text)
            #expect(message.hasPrefix("tokenizer.json: \(section).type: \"Quantum\" is not supported; supported are"))
            #expect(message.contains(known))
        }
        #expect(problem(SmallFile(decoder: #"{"type":"Quantum"}"#).text).contains("decoder.type: \"Quantum\""))
    }

    @Test func sequencesInSequencesAreReadUpToALimit() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: #"{"type":"Sequence","normalizers":["#, count: depth) + #"{"type":"NFC"}"#
                + String(repeating: "]}", count: depth)
        }
        #expect(problem(SmallFile(parts: #""normalizer":\#(nested(30)),"#).text) == "none")
        #expect(problem(SmallFile(parts: #""normalizer":\#(nested(100)),"#).text).contains("levels of nesting"))
        let many = Array(repeating: #"{"type":"NFC"}"#, count: 300).joined(separator: ",")
        let list = SmallFile(parts: #""normalizer":{"type":"Sequence","normalizers":[\#(many)]},"#)
        #expect(problem(list.text) == "tokenizer.json: normalizer: more than 256 steps")
    }

    // MARK: Time and memory. Nothing is timed, but exponential work would not finish.

    @Test(arguments: ["(?:a+)+b", "(?:a|aa)+b", "(?:a?){30}b", "(?=(?:a+)+b)a", "(?:.*.*.*)=", "(?<=a{1,255})b"])
    func expressionsThatNeedExponentialTimeEnd(pattern: String) throws {
        let split =
            #""pre_tokenizer":{"type":"Split","pattern":{"Regex":"\#(pattern)"},"behavior":"Isolated","invert":false},"#
        let tokenizer = try Tokenizer(SmallFile(parts: split).description())
        let text = String(repeating: "a", count: 2_000)
        #expect(tokenizer.encode(text).count == 2_000)
    }

    @Test(arguments: ["(a{99999}){99999}", "(((((a{99}){99}){99}){99}){99})", "((((a|b){999}|c){999}|d){999})"])
    func expressionsOfGreatLengthAreRefused(pattern: String) {
        #expect(throws: PatternError.self) { try Pattern(pattern, .oniguruma) }
    }

    @Test func deepExpressionsAreRefused() {
        for part in ["(", "[", "(?:a|"] {
            let close = part == "[" ? "]" : ")"
            let text = String(repeating: part, count: 1_000) + "a" + String(repeating: close, count: 1_000)
            #expect(throws: PatternError.self) { try Pattern(text, .oniguruma) }
        }
    }

    /// Each step makes the text longer.
    @Test func stepsThatMultiplyATextStop() throws {
        let double = #"{"type":"Replace","pattern":{"String":"a"},"content":"aaaaaaaaaa"}"#
        let steps = Array(repeating: double, count: 40).joined(separator: ",")
        let replacing = SmallFile(parts: #""normalizer":{"type":"Sequence","normalizers":[\#(steps)]},"#)
        #expect(try Tokenizer(replacing.description()).encode("aaa") == [1, 1, 1])
        let split = #"{"type":"Split","pattern":{"String":""},"behavior":"Isolated","invert":false}"#
        let marks = "abcdefghijklmnopqrstuvwxyz".map {
            split + #",{"type":"Metaspace","replacement":"\#($0)","split":false}"#
        }.joined(separator: ",")
        let splitting = SmallFile(parts: #""pre_tokenizer":{"type":"Sequence","pretokenizers":[\#(marks)]},"#)
        #expect(try Tokenizer(splitting.description()).encode("zzz").count < 1_000_000)
    }

    @Test func longMarksEnd() throws {
        for form in ["NFC", "NFD", "NFKC", "NFKD"] {
            let tokenizer = try Tokenizer(SmallFile(parts: #""normalizer":{"type":"\#(form)"},"#).description())
            #expect(tokenizer.encode("aba" + String(repeating: "\u{301}\u{323}", count: 20_000)).first == 3)
        }
    }

    @Test func filesThatAreTooLargeAreRefusedAtOnce() {
        let bytes = [UInt8](repeating: 0x20, count: (64 << 20) + 1)
        #expect(throws: TokenizerError.file(field: "", problem: "64 MB; at most 64 MB are supported")) {
            try TokenizerDescription(tokenizerJSON: bytes, configuration: nil)
        }
    }
}
