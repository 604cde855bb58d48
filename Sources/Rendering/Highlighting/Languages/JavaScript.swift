extension Language {
    private static let scriptKeywords = """
        as async await break case catch class const continue debugger default delete do else export extends finally for \
        from function get if import in instanceof let new of return set static super switch this throw try typeof var \
        void while with yield
        """
    private static let scriptConstants = "true false null undefined NaN Infinity globalThis"
    private static let scriptRegions: [Region] = [
        .comment("/*", "*/"), .string("`", spansLines: true), .string("\""), .string("'"),
    ]

    static let javaScript = Language(
        names: ["javascript", "js", "jsx", "mjs", "cjs", "node"],
        words: words(keywords: scriptKeywords, constants: scriptConstants), innerWordBytes: [0x24],
        capitalsMeanTypes: true, bracketsMeanCalls: true, lineComments: ["//"], regions: scriptRegions,
        sigils: [Sigil("@", .syntaxDirective), Sigil("$", .syntaxVariable)], hasRegexLiterals: true)

    static let typeScript = Language(
        names: ["typescript", "ts", "tsx", "mts", "cts"],
        words: words(
            keywords: scriptKeywords + """
                 abstract declare enum implements infer interface is keyof module namespace override private protected \
                public readonly satisfies type
                """,
            types: "any bigint boolean never number object string symbol unknown", constants: scriptConstants),
        innerWordBytes: [0x24], capitalsMeanTypes: true, bracketsMeanCalls: true, lineComments: ["//"],
        regions: scriptRegions, sigils: [Sigil("@", .syntaxDirective), Sigil("$", .syntaxVariable)],
        hasRegexLiterals: true)
}
