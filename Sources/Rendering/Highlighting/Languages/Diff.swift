extension Language {
    static let diff = Language(
        names: ["diff", "patch", "udiff"],
        lines: [
            LineRule("+++", .syntaxDirective), LineRule("---", .syntaxDirective), LineRule("diff ", .syntaxDirective),
            LineRule("index ", .syntaxComment), LineRule("@@", .diffHunk), LineRule("+", .diffInserted),
            LineRule(">", .diffInserted), LineRule("-", .diffDeleted), LineRule("<", .diffDeleted),
        ])
}
