extension Language {
    static let shell = Language(
        names: ["shell", "sh", "bash", "zsh", "console", "shellscript", "shell-session", "ksh", "fish"],
        words: words(
            keywords: """
                if then elif else fi for while until do done case esac in function select time return exit break continue \
                local export readonly declare typeset unset shift set source eval exec trap
                """,
            constants: "true false"),
        innerWordBytes: Set("-./+".utf8), firstWordIsCommand: true,
        lineComments: [LineComment(open: [0x23], needsBlank: true)],
        regions: [
            Region(open: Array("${".utf8), close: Array("}".utf8), role: .syntaxVariable, spansLines: true),
            .string("$'", "'", spansLines: true), .string("\"", spansLines: true),
            .string("'", escape: nil, spansLines: true),
        ],
        sigils: [
            Sigil("$", .syntaxVariable), Sigil("--", .syntaxConstant, needsBlank: true),
            Sigil("-", .syntaxConstant, needsBlank: true),
        ],
        hasHereDocuments: true)
}
