extension Language {
    static let rust = Language(
        names: ["rust", "rs"],
        words: words(
            keywords: """
                as async await break const continue crate dyn else enum extern fn for if impl in let loop macro_rules match \
                mod move mut pub ref return self static struct super trait type union unsafe use where while yield
                """,
            types: """
                Self bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64
                """,
            constants: "true false"),
        stringPrefixes: ["b", "c"], capitalsMeanTypes: true, bracketsMeanCalls: true, lineComments: ["//"],
        regions: [
            .comment("/*", "*/", nests: true), .string("r##\"", "\"##", escape: nil, spansLines: true),
            .string("r#\"", "\"#", escape: nil, spansLines: true), .string("r\"", "\"", escape: nil, spansLines: true),
            .string("\"", spansLines: true), .character,
            Region(open: Array("#[".utf8), close: Array("]".utf8), role: .syntaxDirective, spansLines: true),
            Region(open: Array("#![".utf8), close: Array("]".utf8), role: .syntaxDirective, spansLines: true),
        ],
        sigils: [Sigil("'", .syntaxVariable)])
}
