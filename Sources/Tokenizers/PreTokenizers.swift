/// A row of the table of pre-tokenizers.
struct PreTokenizerRow: Sendable {
    /// Its names in model files (`tokenizer.ggml.pre`).
    let names: [String]
    /// Applied in order, each to the words of the pattern before it.
    let patterns: [String]
    /// Runs of digits are cut into groups of three from the right before the patterns apply.
    var groupsDigits = false
    /// Merges join characters instead of bytes, with spaces written `▁`; characters without a token become byte tokens.
    var joinsCharacters = false
    var wholeWords = WholeWords.none
    /// Texts start with BOS unless the file specifies otherwise.
    var addsBOS = false
    /// Texts start with BOS, whatever the file specifies.
    var requiresBOS = false

    /// Words that are used as tokens regardless of the merges, if they are tokens.
    enum WholeWords: Sendable {
        case none, all, lineFeeds
    }
}

/// All pre-tokenizers by name. A new pre-tokenizer is a new row.
package enum PreTokenizers {
    /// The row with this name, or nil.
    static func find(_ name: String) -> PreTokenizerRow? { rowByName[name] }

    /// All names, in the order of the table.
    package static var names: [String] { rows.flatMap(\.names) }

    /// Used if a file names no pre-tokenizer, or an unknown one.
    static func `default`(for model: TokenizerDescription.Model) -> PreTokenizerRow {
        model == .gemma4 ? gemma4 : unnamed
    }

    private static let gemma4 = PreTokenizerRow(
        names: ["gemma4"], patterns: [lines], joinsCharacters: true, wholeWords: .lineFeeds, requiresBOS: true)
    private static let unnamed = PreTokenizerRow(
        names: ["default"],
        patterns: [#"[\p{P}\$\+<=>\^~\|]+"#, gpt2, #"\p{N}+"#, #"[0-9][0-9][0-9]"#])

    private static let lines = #"[^\n]+|\n+"#
    static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"#
    private static let contractions = #"(?i:'s|'t|'re|'ve|'m|'ll|'d)"#
    private static let spaces = #"\s*[\r\n]+|\s+(?!\S)|\s+"#
    private static let llama3Tail = #"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces
    private static let qwen2Tail = #"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces
    private static let letters = #"[^\r\n\p{L}\p{N}]?\p{L}+|"#
    // Words are split before capitals.
    private static let raised = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
    private static let lowered = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
    private static let lead = #"[^\r\n\p{L}\p{N}]?"#
    private static let casedWords =
        "\(lead)\(raised)*\(lowered)+\(contractions)?|\(lead)\(raised)+\(lowered)*\(contractions)?"
    private static let gpt4o = casedWords + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + spaces
    private static let wordsAndSigns =
        ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
    private static let deepSeekV3 = wordsAndSigns + #"| ?[\p{P}\p{S}]+[\r\n]*|"# + spaces
    private static let sentenceMarks = #" ?[^(\s|.,!?…。，、।۔،)]+"#
    private static let spacesInPowersOfTwo =
        [512, 256, 128, 64, 32, 16, 8, 4].map { #"\s{\#($0)}(?!\S)|"# }.joined() + #"\s{1,2}(?!\S)|\s"#
    // Written as numbers, since some of these characters look alike and some editors would compose them.
    private static let casedLetters =
        "A-Za-z\u{B5}\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{1BA}\u{1BC}-\u{1BF}\u{1C4}-\u{293}\u{295}-\u{2AF}"
        + "\u{370}-\u{373}\u{376}\u{377}\u{37B}-\u{37D}\u{37F}\u{386}\u{388}-\u{38A}\u{38C}\u{38E}-\u{3A1}"
        + "\u{3A3}-\u{3F5}\u{3F7}-\u{481}\u{48A}-\u{52F}\u{531}-\u{556}\u{10A0}-\u{10C5}\u{13A0}-\u{13F5}"
        + "\u{13F8}-\u{13FD}\u{1C90}-\u{1CBA}\u{1CBD}-\u{1CBF}\u{1D00}-\u{1D2B}\u{1D6B}-\u{1D77}\u{1D79}-\u{1D9A}"
        + "\u{1E00}-\u{1F15}\u{1F18}-\u{1F1D}\u{1F20}-\u{1F45}\u{1F48}-\u{1F4D}\u{1F50}-\u{1F57}\u{1F59}\u{1F5B}"
        + "\u{1F5D}\u{1F5F}-\u{1F7D}\u{1F80}-\u{1FB4}\u{1FB6}-\u{1FBC}\u{1FBE}\u{1FC2}-\u{1FC4}\u{1FC6}-\u{1FCC}"
        + "\u{1FD0}-\u{1FD3}\u{1FD6}-\u{1FDB}\u{1FE0}-\u{1FEC}\u{1FF2}-\u{1FF4}\u{1FF6}-\u{1FFC}\u{2102}\u{2107}"
        + "\u{210A}-\u{2113}\u{2115}\u{2119}-\u{211D}\u{2124}\u{2126}\u{2128}\u{212A}-\u{212D}\u{212F}-\u{2134}"
        + "\u{2139}\u{213C}-\u{213F}\u{2145}-\u{2149}\u{214E}\u{2183}\u{2184}\u{2C00}-\u{2C7B}\u{2C7E}-\u{2CE4}"
        + "\u{2CEB}-\u{2CEE}\u{2CF2}\u{2CF3}\u{A640}-\u{A66D}\u{A680}-\u{A69B}\u{A722}-\u{A76F}\u{A771}-\u{A787}"
        + "\u{A78B}-\u{A78E}\u{AB70}-\u{ABBF}\u{FB00}-\u{FB06}\u{FB13}-\u{FB17}\u{FF21}-\u{FF3A}\u{FF41}-\u{FF5A}"
        + "\u{10400}-\u{1044F}\u{104B0}-\u{104D3}\u{104D8}-\u{104FB}\u{10C80}-\u{10CB2}\u{10CC0}-\u{10CF2}"
        + "\u{118A0}-\u{118DF}\u{1E900}-\u{1E943}"
    // The wide ranges also contain white space, which llama.cpp excludes.
    private static let ideographsAndHangul =
        #"(?:(?=\S)[\#u{4E00}-\#u{9FA5}\#u{800}-\#u{4E00}\#u{AC00}-\#u{D7FF}])+"#
    private static let ideographsAndKana = "[\u{4E00}-\u{9FA5}\u{3040}-\u{30FF}]+"
    // With the letters of Thai, Lao, Khmer and Burmese, whose words are not separated by spaces either.
    private static let eastAsianLetters =
        "[\u{4E00}-\u{9FFF}\u{3400}-\u{4DBF}\u{F900}-\u{FAFF}\u{3040}-\u{309F}\u{30A0}-\u{30FF}\u{FF65}-\u{FF9F}"
        + "\u{2F00}-\u{2FDF}\u{E40}-\u{E7F}\u{E80}-\u{EFF}\u{1780}-\u{17FF}\u{1000}-\u{109F}\u{AA60}-\u{AA7F}"
        + "\u{A9E0}-\u{A9FF}\u{AC00}-\u{D7AF}\u{1100}-\u{11FF}]+"
    // Without U+3000, which counts as white space.
    private static let asciiAndWidePunctuation =
        "!-/:-~\u{FF01}-\u{FF0F}\u{FF1A}-\u{FF5E}\u{2018}-\u{201F}\u{3001}-\u{3002}"

    private static let rows: [PreTokenizerRow] = [
        unnamed, gemma4,
        PreTokenizerRow(names: ["sarvam-moe"], patterns: [lines], joinsCharacters: true),
        PreTokenizerRow(
            names: [
                "gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4", "gigachat",
                "modern-bert", "mellum", "a.x-4.0", "jina-es", "jina-de", "jina-v2-es", "jina-v2-de",
            ],
            patterns: [gpt2]),
        PreTokenizerRow(
            names: ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2"],
            patterns: [#"\p{N}"#, gpt2]),
        PreTokenizerRow(
            names: [
                "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2",
                "jina-v5-nano",
            ],
            patterns: [contractions + "|" + letters + llama3Tail],
            wholeWords: .all, addsBOS: true),
        PreTokenizerRow(
            names: ["dbrx", "smaug-bpe", "chatglm-bpe"],
            patterns: [contractions + "|" + letters + llama3Tail]),
        PreTokenizerRow(
            names: ["glm4", "glm5"],
            patterns: [contractions + "|" + letters + llama3Tail],
            wholeWords: .all),
        PreTokenizerRow(
            names: [
                "qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez", "stablelm2", "hunyuan", "solar-open",
                "grok-2",
            ],
            patterns: [contractions + "|" + letters + qwen2Tail]),
        PreTokenizerRow(
            names: ["qwen35"],
            patterns: [
                contractions + #"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|"# + spaces
            ]),
        PreTokenizerRow(
            names: ["tekken"],
            patterns: [
                "\(lead)\(raised)*\(lowered)+|\(lead)\(raised)+\(lowered)*"
                    + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + spaces
            ],
            wholeWords: .all, addsBOS: true),
        PreTokenizerRow(
            names: ["gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"],
            patterns: [gpt4o]),
        PreTokenizerRow(names: ["tiny_aya", "cohere2moe"], patterns: [gpt4o], groupsDigits: true),
        PreTokenizerRow(names: ["superbpe"], patterns: [], groupsDigits: true),
        PreTokenizerRow(
            names: ["youtu"],
            patterns: [
                "[\u{AC00}-\u{D7A3}\u{3131}-\u{318E}]+|[！…“”‘’—：；，\u{3001}-\u{303F}\u{FE30}-\u{FE4F}]+|"
                    + "[\u{3105}-\u{312F}]+|" + ideographsAndKana,
                casedWords + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + spaces,
            ]),
        PreTokenizerRow(
            names: ["falcon"],
            patterns: [#"[\p{P}\$\+<=>\^~\|`]+"#, gpt2, #"[0-9][0-9][0-9]"#]),
        PreTokenizerRow(
            names: ["deepseek-llm"],
            patterns: [
                #"[\r\n]"#, #"\s?[\#(casedLetters)]+"#, #"\s?[\#(asciiAndWidePunctuation)]+"#, #"\s+$"#,
                ideographsAndHangul, #"\p{N}+"#,
            ]),
        PreTokenizerRow(
            names: ["deepseek-coder"],
            patterns: [#"[\r\n]"#, #"\s?\p{L}+"#, #"\s?\p{P}+"#, ideographsAndHangul, #"\p{N}"#]),
        PreTokenizerRow(
            names: ["deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"],
            patterns: [#"\p{N}{1,3}"#, ideographsAndKana, deepSeekV3]),
        PreTokenizerRow(
            names: ["spark2_5"],
            patterns: [
                #"\p{N}{1,3}"#, ideographsAndKana,
                wordsAndSigns + #"| ?[\p{P}\p{S}]+|[\r\n]|\s+(?!\S)|\s+"#, #"\p{N}"#,
            ]),
        PreTokenizerRow(names: ["afmoe"], patterns: [eastAsianLetters, deepSeekV3], groupsDigits: true),
        PreTokenizerRow(names: ["bloom", "poro-chat", "gpt3-finnish"], patterns: [sentenceMarks]),
        PreTokenizerRow(names: ["viking"], patterns: [sentenceMarks, #"\p{N}"#]),
        PreTokenizerRow(
            names: ["bailingmoe", "bailingmoe2"],
            patterns: [
                #"'(?i:[sdmt]|ll|ve|re)|"# + letters
                    + #"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#
            ]),
        PreTokenizerRow(
            names: ["seed-coder"],
            patterns: [contractions + "|" + letters + #"\p{N}| ?[^\s\p{L}\p{N}\r\n]+|"# + spaces]),
        PreTokenizerRow(
            names: ["exaone-moe"],
            patterns: [
                contractions + #"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+"#
                    + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+"#
            ]),
        PreTokenizerRow(names: ["laguna"], patterns: [lines, contractions + "|" + letters + qwen2Tail]),
        PreTokenizerRow(
            names: ["minicpm5"],
            patterns: [
                #"\p{N}{1,3}"#,
                contractions + "|" + letters + #"\p{N}+| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces,
            ]),
        PreTokenizerRow(
            names: ["jais-2"],
            patterns: [
                contractions + "|" + letters + #"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|"#
                    + spacesInPowersOfTwo
            ]),
        PreTokenizerRow(names: ["ufakzeka"], patterns: [letters + qwen2Tail]),
    ]

    private static let rowByName: [String: PreTokenizerRow] = Dictionary(
        rows.flatMap { row in row.names.map { ($0, row) } }, uniquingKeysWith: { first, _ in first })
}
