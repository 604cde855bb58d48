import JSON
import Testing

@testable import Tokenizers

/// Files that were damaged at random.
@Suite struct TokenizerFileMutationTests {
    /// Damaged files give an error or a tokenizer that works.
    @Test(arguments: ["small"] + TokenizerFileTests.names)
    func damagedFilesDoNotCrash(name: String) throws {
        var random = SeededGenerator(seed: UInt64(name.utf8.reduce(7) { $0 &* 31 &+ Int($1) }))
        let file = name == "small" ? Array(Self.everything.utf8) : try TokenizerFileTests.bytes(name)
        for _ in 0..<(name == "small" ? 1_500 : 15) {
            var bytes = file
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.damage(&bytes, &random) }
            try Self.use(bytes)
        }
    }

    /// Files whose values are others, of the same kind or of another one.
    @Test func filesWithOtherValuesDoNotCrash() throws {
        var random = SeededGenerator(seed: 11)
        let file = try JSONReader.read(Self.everything)
        for _ in 0..<1_500 {
            var changed = file
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                var index = Int.random(in: 0..<Self.values(in: changed).count, using: &random)
                changed = Self.replace(&index, in: changed, by: Self.anyValue(of: file, &random)) ?? .null
            }
            try Self.use(Array(JSONWriter.compact(changed).utf8))
        }
    }

    /// A value and all that are in it.
    private static func values(in value: JSONValue) -> [JSONValue] {
        [value] + (value.array ?? []).flatMap(values)
            + (value.object.map(Array.init) ?? []).flatMap { values(in: $0.value) }
    }

    /// - Parameter other: nil to remove the value.
    private static func replace(_ index: inout Int, in value: JSONValue, by other: JSONValue?) -> JSONValue? {
        index -= 1
        if index == -1 { return other }
        if index < 0 { return value }
        switch value {
        case .array(let items): return .array(items.compactMap { replace(&index, in: $0, by: other) })
        case .object(let fields):
            let changed = fields.compactMap { field in
                replace(&index, in: field.value, by: other).map { (name: field.name, value: $0) }
            }
            return .object(JSONObject(changed))
        default: return value
        }
    }

    private static func anyValue(of file: JSONValue, _ random: inout SeededGenerator) -> JSONValue? {
        let numbers = ["0", "-1", "7", "65536", "1099511627776", "1e308", "0.5"].map(JSONValue.number)
        let texts = ["", "a", "(a+)+b", "(?<=ab|c)x", "[^", "a{0,70000}", "<s>", "Removed", "always", "////", "😀"]
        let others: [JSONValue] =
            [.null, .bool(true), .array([]), .object([:])] + numbers + texts.map(JSONValue.string)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return nil
        case 1: return values(in: file).randomElement(using: &random)
        default: return others.randomElement(using: &random)
        }
    }

    private static func use(_ bytes: [UInt8]) throws {
        do throws(TokenizerError) {
            let tokenizer = try Tokenizer(TokenizerDescription(tokenizerJSON: bytes, configuration: nil))
            for text in ["", "a<s>b ab  Zürich\n\n\n<tag>", "漢字 e\u{301}\u{323} 😀 \0 12345"] {
                let tokens = tokenizer.encode(text, parseSpecial: true, addSpecial: true)
                #expect(tokens.allSatisfy(tokenizer.vocabulary.contains))
                _ = tokenizer.decode(tokens)
                #expect(tokenizer.encode(text).allSatisfy { tokenizer.vocabulary.contains($0) })
            }
        } catch { #expect(!"\(error)".isEmpty) }
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let position = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[position] = Array(#"0123456789{}[]",:\-.eE tfn"#.utf8).randomElement(using: &random) ?? 0
        case 2: bytes.remove(at: position)
        case 3: bytes.insert(contentsOf: words.randomElement(using: &random) ?? [], at: position)
        case 4: bytes.removeSubrange(position..<min(bytes.count, position + Int.random(in: 1...40, using: &random)))
        default:
            // A number, a word or a name becomes another.
            let isValue = { (byte: UInt8) in
                byte == 0x2D || byte == 0x2E || byte >= 0x30 && byte <= 0x7A && byte != 0x5B && byte != 0x5D
            }
            let start = bytes[..<position].lastIndex { !isValue($0) }.map { $0 + 1 } ?? 0
            let end = bytes[position...].firstIndex { !isValue($0) } ?? bytes.count
            if start <= end { bytes.replaceSubrange(start..<end, with: words.randomElement(using: &random) ?? []) }
        }
    }

    private static let words: [[UInt8]] = [
        "null", "true", "0", "-1", "1099511627776", "1e300", "\"\"", "[]", "{}", "a", "Sequence", "Metaspace",
        "ByteLevel",
        "Regex", "String", "\\u0000", "\\ud800", "(", "+", "[", "{1000}", "999999", "Isolated", "BPE", "Unigram", "▁",
    ].map { Array($0.utf8) }

    @Test func theFileWithEverythingIsValid() throws {
        #expect(throws: Never.self) {
            try TokenizerDescription(tokenizerJSON: Array(Self.everything.utf8), configuration: nil)
        }
    }

    /// A file with every kind of step.
    private static let everything: String = {
        let normalizers = """
            "normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"NFKD"},{"type":"Lowercase"},
            {"type":"Strip","strip_left":true,"strip_right":false},{"type":"StripAccents"},{"type":"Nmt"},
            {"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"Regex":"[a-c]{2,3}|\\\\p{L}+?x"},"content":"y"},
            {"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
            {"type":"Precompiled","precompiled_charsmap":"BAAAAAAEAABhAA=="},{"type":"ByteLevel"}]},
            """
        let splitters = """
            "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},
            {"type":"Split","pattern":{"Regex":"(?i:'s|[^\\\\s\\\\p{Han}]++)|\\\\s+(?!\\\\S)"},"behavior":"MergedWithNext","invert":false},
            {"type":"Punctuation","behavior":"Contiguous"},{"type":"UnicodeScripts"},{"type":"FixedLength","length":7},
            {"type":"CharDelimiterSplit","delimiter":"e"},{"type":"Metaspace","replacement":"▁","prepend_scheme":"first"},
            {"type":"Whitespace"},{"type":"BertPreTokenizer"},
            {"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}]},
            """
        let template = """
            "post_processor":{"type":"Sequence","processors":[{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true},
            {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
            "pair":[],"special_tokens":{"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]}}}]},
            """
        let decoder = """
            {"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},
            {"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0},{"type":"WordPiece","prefix":"##","cleanup":true},
            {"type":"CTC","pad_token":"<s>","word_delimiter_token":"|","cleanup":true},{"type":"BPEDecoder","suffix":"</w>"},
            {"type":"Metaspace","replacement":"▁","add_prefix_space":true}]}
            """
        return SmallFile(
            added: [
                .init("<s>", special: true), .init("<tag>", normalized: true, flags: #""lstrip":true,"rstrip":true,"#),
            ],
            extra: [("<0x61>", 4), ("##b", 5), ("b</w>", 6)],
            model:
                #""unk_token":"a","byte_fallback":true,"fuse_unk":true,"ignore_merges":false,"end_of_word_suffix":"</w>","#,
            parts: normalizers + splitters + template, decoder: decoder
        ).text
    }()
}
