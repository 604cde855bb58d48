extension Language {
    static let go = Language(
        names: ["go", "golang"],
        words: words(
            keywords: """
                break case chan const continue default defer else fallthrough for func go goto if import interface map \
                package range return select struct switch type var
                """,
            types: """
                any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string \
                uint uint8 uint16 uint32 uint64 uintptr
                """,
            constants: "true false nil iota",
            functions: "append cap clear close copy delete len make max min new panic print println recover"),
        capitalsMeanTypes: false, bracketsMeanCalls: true, lineComments: ["//"],
        regions: [.comment("/*", "*/"), .string("`", escape: nil, spansLines: true), .string("\""), .character])
}
