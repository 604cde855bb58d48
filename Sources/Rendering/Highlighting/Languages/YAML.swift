extension Language {
    static let yaml = Language(
        names: ["yaml", "yml"], words: words(constants: "true false null yes no on off True False Null ~"),
        innerWordBytes: Set("-./".utf8), colons: .lineStarts,
        lineComments: [LineComment(open: [0x23], needsBlank: true)],
        regions: [.string("\"", spansLines: true), .string("'", escape: nil, spansLines: true)],
        sigils: [
            Sigil("&", .syntaxVariable, needsBlank: true), Sigil("*", .syntaxVariable, needsBlank: true),
            Sigil("!!", .syntaxType, needsBlank: true), Sigil("!", .syntaxType, needsBlank: true),
        ],
        lines: [LineRule("---", .syntaxDirective), LineRule("%", .syntaxDirective)], hasBlockScalars: true)
}
