import JSON

/// The tokens that are put around a text (`post_processor`).
struct TokenTemplate: Sendable {
    var before: [Int32] = []
    var after: [Int32] = []

    private enum Name: String, CaseIterable {
        case sequence = "Sequence", byteLevel = "ByteLevel", template = "TemplateProcessing"
        case bert = "BertProcessing", roberta = "RobertaProcessing"
    }

    init(_ field: FileField, tokens: Int) throws(TokenizerError) {
        guard !field.isAbsent else { return }
        switch try field["type"].variant(Name.self) {
        case .sequence:
            for item in try field["processors"].items() {
                let inner = try TokenTemplate(item, tokens: tokens)
                before = inner.before + before
                after += inner.after
                guard before.count + after.count <= Self.mostTokens else { throw field.error("too many tokens") }
            }
        case .byteLevel: break
        case .bert, .roberta:
            before = [try Self.token(field["cls"], tokens)]
            after = [try Self.token(field["sep"], tokens)]
        case .template: try readTemplate(field, tokens)
        }
    }

    /// Templates have one or two tokens on each side.
    private static let mostTokens = 64

    /// `["[CLS]", 101]`
    private static func token(_ field: FileField, _ tokens: Int) throws(TokenizerError) -> Int32 {
        let items = try field.items()
        guard items.count == 2 else { throw field.error("a token and its id expected") }
        return try id(items[1], tokens)
    }

    private static func id(_ field: FileField, _ tokens: Int) throws(TokenizerError) -> Int32 {
        let id = try field.count()
        guard id < tokens else { throw field.error("\(id), but there are \(tokens) tokens") }
        return Int32(id)
    }

    /// The template for a single text: `{"SpecialToken": …}` and once `{"Sequence": {"id": "A"}}`.
    private mutating func readTemplate(_ field: FileField, _ tokens: Int) throws(TokenizerError) {
        let single = field["single"]
        var hasText = false
        for piece in try single.items() {
            let special = piece["SpecialToken"]
            if special.isAbsent {
                guard !piece["Sequence"].isAbsent else {
                    throw piece.error("\"Sequence\" or \"SpecialToken\" expected")
                }
                guard !hasText else { throw piece.error("the text is in the template twice, which is not supported") }
                guard try piece["Sequence"]["id"].string() == "A" else {
                    throw piece["Sequence"]["id"].error("\"A\" expected in the template for one text")
                }
                hasText = true
            } else {
                let name = try special["id"].string()
                let ids = field["special_tokens"][name]["ids"]
                for id in try ids.items() {
                    let token = try Self.id(id, tokens)
                    if hasText { after.append(token) } else { before.append(token) }
                }
            }
            guard before.count + after.count <= Self.mostTokens else { throw single.error("too many tokens") }
        }
        guard hasText else { throw single.error("the template has no text") }
    }
}
