extension Language {
    static let java = Language(
        names: ["java"],
        words: words(
            keywords: """
                abstract assert break case catch class continue default do else enum exports extends final finally for if \
                implements import instanceof interface module native new non-sealed package permits private protected \
                public record requires return sealed static strictfp super switch synchronized this throw throws transient \
                try var void volatile while yield
                """,
            types: "boolean byte char double float int long short", constants: "true false null"),
        capitalsMeanTypes: true, bracketsMeanCalls: true, lineComments: ["//"],
        regions: [.comment("/*", "*/"), .string("\"\"\"", spansLines: true), .string("\""), .character],
        sigils: [Sigil("@", .syntaxDirective)])
}
