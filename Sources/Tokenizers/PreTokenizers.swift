/// A row of the table of pre-tokenizers.
struct PreTokenizerRow: Sendable {
    /// Its names in model files (`tokenizer.ggml.pre`).
    let names: [String]
    /// Applied in order, each to the words of the pattern before it.
    let patterns: [String]
    /// Words that are tokens are used as such, regardless of the merges.
    var ignoresMerges = false
    /// Texts start with BOS unless the file specifies otherwise.
    var addsBOS = false
}

/// All pre-tokenizers by name. A new pre-tokenizer is a new row.
package enum PreTokenizers {
    /// The row with this name, or nil.
    static func find(_ name: String) -> PreTokenizerRow? { rowByName[name] }

    /// All names, in the order of the table.
    package static var names: [String] { rows.flatMap(\.names) }

    /// Used if a file names no pre-tokenizer, or an unknown one.
    static let `default` = PreTokenizerRow(
        names: ["default"],
        patterns: [#"[\p{P}\$\+<=>\^~\|]+"#, gpt2, #"\p{N}+"#, #"[0-9][0-9][0-9]"#])

    private static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"#
    private static let contractions = #"(?i:'s|'t|'re|'ve|'m|'ll|'d)"#
    private static let spaces = #"\s*[\r\n]+|\s+(?!\S)|\s+"#
    private static let llama3Tail = #"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces
    private static let qwen2Tail = #"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces
    private static let letters = #"[^\r\n\p{L}\p{N}]?\p{L}+|"#
    // Letters except the lower-case (upper-case) ones of ASCII: words are split before capitals.
    private static let raised = #"(?:(?=\p{L})[^a-z])"#
    private static let lowered = #"(?:(?=\p{L})[^A-Z])"#
    private static let lead = #"[^\r\n\p{L}\p{N}]?"#
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
    // Without U+3000, which counts as white space.
    private static let asciiAndWidePunctuation =
        "!-/:-~\u{FF01}-\u{FF0F}\u{FF1A}-\u{FF5E}\u{2018}-\u{201F}\u{3001}-\u{3002}"

    private static let rows: [PreTokenizerRow] = [
        `default`,
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
            ignoresMerges: true, addsBOS: true),
        PreTokenizerRow(
            names: ["dbrx", "smaug-bpe", "chatglm-bpe"],
            patterns: [contractions + "|" + letters + llama3Tail]),
        PreTokenizerRow(
            names: ["glm4", "glm5"],
            patterns: [contractions + "|" + letters + llama3Tail],
            ignoresMerges: true),
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
            ignoresMerges: true, addsBOS: true),
        PreTokenizerRow(
            names: ["gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"],
            patterns: [
                "\(lead)\(raised)*\(lowered)+\(contractions)?|\(lead)\(raised)+\(lowered)*\(contractions)?"
                    + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + spaces
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
            names: ["deepseek-v3", "hunyuan-dense", "joyai-llm"],
            patterns: [
                #"\p{N}{1,3}"#, ideographsAndKana,
                ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
                    + #"| ?[\p{P}\p{S}]+[\r\n]*|"# + spaces,
            ]),
    ]

    private static let rowByName: [String: PreTokenizerRow] = Dictionary(
        rows.flatMap { row in row.names.map { ($0, row) } }, uniquingKeysWith: { first, _ in first })
}
