extension Language {
    static let swift = Language(
        names: ["swift"],
        words: words(
            keywords: """
                actor any as associatedtype async await borrowing break case catch class consuming continue default defer \
                deinit do else enum extension fallthrough fileprivate final for func get guard if import in indirect infix \
                init inout internal is isolated lazy let macro mutating nonisolated nonmutating open operator override \
                package postfix precedencegroup prefix private protocol public repeat required rethrows return sending set \
                some static struct subscript super switch throw throws try typealias unowned var weak where while willSet \
                didSet self Self
                """,
            constants: "true false nil"),
        capitalsMeanTypes: true, bracketsMeanCalls: true, lineComments: ["//"],
        regions: [
            .comment("/*", "*/", nests: true), .string("#\"\"\"", "\"\"\"#", escape: nil, spansLines: true),
            .string("\"\"\"", spansLines: true), .string("#\"", "\"#", escape: nil), .string("\""),
        ],
        sigils: [Sigil("@", .syntaxDirective), Sigil("#", .syntaxDirective), Sigil("$", .syntaxVariable)])
}
