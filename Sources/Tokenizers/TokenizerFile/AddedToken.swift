import JSON

/// A token that is found in texts before the model splits them (`added_tokens`).
struct AddedToken: Sendable {
    let content: String
    /// Whether it is structure and not text.
    let isSpecial: Bool
    /// Whether it is looked for in the normalized text.
    let isNormalized: Bool
    /// Whether it must not be a part of a longer word.
    let isSingleWord: Bool
    /// Whether it absorbs white space before it and after it.
    let stripsLeft: Bool
    let stripsRight: Bool
    /// Set when the vocabulary is complete.
    var id: Int32 = -1

    /// The tokens of the list; those without text have no effect.
    static func all(_ field: FileField) throws(TokenizerError) -> [AddedToken] {
        guard !field.isAbsent else { return [] }
        var tokens: [AddedToken] = []
        for (index, value) in try field.list().enumerated() {
            let token = try AddedToken(FileField(value, "\(field.path)[\(index)]"))
            if !token.content.isEmpty { tokens.append(token) }
        }
        return tokens
    }

    private init(_ field: FileField) throws(TokenizerError) {
        content = try field["content"].string()
        isSpecial = try field["special"].bool(false)
        isNormalized = try field["normalized"].bool(!isSpecial)
        isSingleWord = try field["single_word"].bool(false)
        stripsLeft = try field["lstrip"].bool(false)
        stripsRight = try field["rstrip"].bool(false)
    }
}
