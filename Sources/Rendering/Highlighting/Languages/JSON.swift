extension Language {
    static let json = Language(
        names: ["json", "jsonc", "json5", "jsonl", "ndjson", "geojson"], words: words(constants: "true false null"),
        colons: .wordsAndStrings, lineComments: ["//"], regions: [.comment("/*", "*/"), .string("\"")])
}
