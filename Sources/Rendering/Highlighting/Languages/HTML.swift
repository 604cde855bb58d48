extension Language {
    static let html = Language(
        names: ["html", "htm", "xhtml", "xml", "svg", "vue", "svelte", "rss", "xsl", "plist"], otherWords: .codeBlock,
        regions: [
            .comment("<!--", "-->"),
            Region(open: Array("<!".utf8), close: [0x3E], role: .syntaxDirective, spansLines: true),
            Region(open: Array("<?".utf8), close: Array("?>".utf8), role: .syntaxDirective, spansLines: true),
            .nested("</", ">", "html-tag", head: .syntaxTag),
            .nested(
                "<", ">", "html-tag", head: .syntaxTag, bodies: ["script": "javascript", "style": "css"]),
        ],
        sigils: [Sigil("&", .syntaxConstant)])

    /// Inside a tag.
    static let htmlTag = Language(
        names: ["html-tag"], otherWords: .syntaxProperty, innerWordBytes: Set("-:.@".utf8),
        regions: [.string("\"", escape: nil, spansLines: true), .string("'", escape: nil, spansLines: true)])
}
