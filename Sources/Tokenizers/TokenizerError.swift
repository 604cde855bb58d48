/// Why a tokenizer could not be created from a description.
public enum TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file names an unknown tokenizer model.
    case unsupportedModel(String)
    case tokenCount(Int)
    case countMismatch(String, Int, tokens: Int)
    case tokenTooLong(Int, bytes: Int)
    case missingMerges
    case preTokenizer(String)

    public var description: String {
        switch self {
        case .unsupportedModel(let name):
            let known = TokenizerDescription.Model.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            return "tokenizer model \"\(name)\" is not supported; supported models: \(known)"
        case .tokenCount(let count): return "a vocabulary of \(count) tokens is not supported"
        case .countMismatch(let what, let count, let tokens): return "\(count) \(what) for \(tokens) tokens"
        case .tokenTooLong(let id, let bytes):
            return "token \(id) has \(bytes) bytes, but the maximum is \(Vocabulary.mostPieceBytes)"
        case .missingMerges: return "the byte-pair vocabulary has no merges"
        case .preTokenizer(let problem): return "invalid pre-tokenizer: \(problem)"
        }
    }
}

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
}
