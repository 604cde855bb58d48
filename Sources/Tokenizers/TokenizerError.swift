/// Why no tokenizer can be made from a description.
public enum TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name of the tokenizer model in the file is none that this program knows.
    case unsupportedModel(String)
    case tokenCount(Int)
    case countMismatch(String, Int, tokens: Int)
    case tokenTooLong(Int, bytes: Int)
    case missingMerges
    case preTokenizer(String)

    public var description: String {
        switch self {
        case .unsupportedModel(let name):
            let known = TokenizerDescription.Model.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " and ")
            return "tokenizer model \"\(name)\" is not supported; \(known) are"
        case .tokenCount(let count): return "a vocabulary of \(count) tokens cannot be used"
        case .countMismatch(let what, let count, let tokens): return "\(count) \(what) for \(tokens) tokens"
        case .tokenTooLong(let id, let bytes):
            return "token \(id) has \(bytes) bytes; at most \(Vocabulary.mostPieceBytes) are supported"
        case .missingMerges: return "a byte-pair vocabulary without merges"
        case .preTokenizer(let problem): return "the pre-tokenizer cannot be used: \(problem)"
        }
    }
}

/// Something about a vocabulary that a person should know, although the tokenizer works.
public enum TokenizerWarning: Equatable, Sendable, CustomStringConvertible {
    /// The file names no pre-tokenizer, or one that is not in the table; the default row is used.
    case unknownPreTokenizer(String?)
    /// The file gives a role to a token that does not exist; nobody has the role.
    case specialTokenOutside(Int32, tokens: Int)

    public var description: String {
        switch self {
        case .specialTokenOutside(let id, let tokens):
            "the file gives a special role to token \(id), but there are only \(tokens)"
        case .unknownPreTokenizer(nil):
            "the file names no pre-tokenizer; the default one is used, and replies may be worse"
        case .unknownPreTokenizer(let name?):
            "pre-tokenizer \"\(name)\" is not known; the default one is used, and replies may be worse"
        }
    }
}
