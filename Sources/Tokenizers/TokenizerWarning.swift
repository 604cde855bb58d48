/// A possible problem with a vocabulary that does not keep the tokenizer from working.
public enum TokenizerWarning: Equatable, Sendable, CustomStringConvertible {
    /// The file names no pre-tokenizer, or one that is not in the table. The default row is used.
    case unknownPreTokenizer(String?)
    /// The file gives a special role to a token that does not exist. No token has that role.
    case specialTokenOutside(Int32, tokens: Int)

    public var description: String {
        switch self {
        case .specialTokenOutside(let id, let tokens):
            "Special token \(id) does not exist; the vocabulary has \(tokens) tokens"
        case .unknownPreTokenizer(nil):
            "The file names no pre-tokenizer. Using the default one; replies may be worse"
        case .unknownPreTokenizer(let name?):
            "Unknown pre-tokenizer \"\(name)\". Using the default one; replies may be worse"
        }
    }

    /// The warnings about a vocabulary.
    ///
    /// - Parameters:
    ///   - model: nil for a `tokenizer.json`, which has no named pre-tokenizer.
    ///   - tokens: the size of the vocabulary.
    public static func all(
        model: TokenizerDescription.Model?, preTokenizer: String?, special: TokenizerDescription.SpecialTokens,
        tokens: Int
    ) -> [TokenizerWarning] {
        let roles =
            [special.bos, special.eos, special.endOfTurn, special.endOfMessage, special.unknown]
            + special.fillInTheMiddleEnds
        var warnings = roles.compactMap(\.self).filter { $0 < 0 || Int($0) >= tokens }
            .map { specialTokenOutside($0, tokens: tokens) }
        if model == .bytePair, preTokenizer.flatMap(PreTokenizers.find) == nil {
            warnings.append(.unknownPreTokenizer(preTokenizer))
        }
        return warnings
    }
}
