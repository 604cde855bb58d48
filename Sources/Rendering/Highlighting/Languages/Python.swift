extension Language {
    static let python = Language(
        names: ["python", "py", "python3", "py3", "pyi", "ipython"],
        words: words(
            keywords: """
                and as assert async await break case class continue def del elif else except finally for from global if \
                import in is lambda match nonlocal not or pass raise return try type while with yield
                """,
            types: """
                bool bytearray bytes complex dict float frozenset int list memoryview object range set str tuple type \
                BaseException Exception
                """,
            constants: "True False None NotImplemented Ellipsis self cls",
            functions: """
                abs all any callable chr classmethod dir divmod enumerate eval exec filter format getattr hasattr hash help \
                hex id input isinstance issubclass iter len map max min next open ord pow print property repr reversed \
                round setattr slice sorted staticmethod sum super vars zip
                """),
        stringPrefixes: ["r", "b", "f", "u", "t", "br", "rb", "fr", "rf"], capitalsMeanTypes: true,
        bracketsMeanCalls: true,
        lineComments: ["#"],
        regions: [
            .string("\"\"\"", spansLines: true), .string("'''", spansLines: true), .string("\""), .string("'"),
        ],
        sigils: [Sigil("@", .syntaxDirective, isAtLineStart: true)])
}
