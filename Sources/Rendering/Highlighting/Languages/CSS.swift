extension Language {
    private static let sheetRegions: [Region] = [
        .comment("/*", "*/"), .string("\""), .string("'"), .nested("{", "}", "css-body"),
    ]

    static let css = Language(
        names: ["css", "scss", "sass", "less"], otherWords: .syntaxTag, innerWordBytes: [0x2D],
        lineComments: [LineComment(open: Array("//".utf8), needsBlank: true)], regions: sheetRegions,
        sigils: [
            Sigil("@", .syntaxDirective), Sigil("#", .syntaxConstant), Sigil(".", .syntaxType),
            Sigil("::", .syntaxKeyword),
            Sigil(":", .syntaxKeyword), Sigil("$", .syntaxVariable),
        ],
        unitBytes: [0x25])

    /// Between braces.
    static let cssBody = Language(
        names: ["css-body"], words: words(constants: "inherit initial none auto unset revert"), innerWordBytes: [0x2D],
        bracketsMeanCalls: true, colons: .wordsAndStrings,
        lineComments: [LineComment(open: Array("//".utf8), needsBlank: true)], regions: sheetRegions,
        sigils: [
            Sigil("@", .syntaxDirective), Sigil("#", .syntaxConstant), Sigil("--", .syntaxVariable),
            Sigil("!", .syntaxKeyword),
            Sigil(".", .syntaxType), Sigil("$", .syntaxVariable),
        ],
        unitBytes: [0x25])
}
