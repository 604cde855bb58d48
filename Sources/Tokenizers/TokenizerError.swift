/// Why a tokenizer could not be created from a description.
public enum TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file names an unknown tokenizer model.
    case unsupportedModel(String)
    case tokenCount(Int)
    case countMismatch(String, Int, tokens: Int)
    case tokenTooLong(Int, bytes: Int)
    case missingMerges
    case preTokenizer(String)
    /// A field of `tokenizer.json`, by its path (empty: the file as a whole), is wrong or not supported.
    case file(field: String, problem: String)
    /// GGUF files have no way to describe the tokenizer.
    case notForGGUF(String)

    public var description: String {
        switch self {
        case .unsupportedModel(let name):
            let known = TokenizerDescription.Model.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            return "tokenizer model \"\(name.prefix(64))\" is not supported; supported models: \(known)"
        case .tokenCount(let count): return "a vocabulary of \(count) tokens is not supported"
        case .countMismatch(let what, let count, let tokens): return "\(count) \(what) for \(tokens) tokens"
        case .tokenTooLong(let id, let bytes):
            return "token \(id) has \(bytes) bytes, but the maximum is \(Vocabulary.mostPieceBytes)"
        case .missingMerges: return "the byte-pair vocabulary has no merges"
        case .preTokenizer(let problem): return "invalid pre-tokenizer: \(problem)"
        case .notForGGUF(let reason): return "GGUF files cannot describe this tokenizer: \(reason)"
        case .file(let field, let problem): return "tokenizer.json: \(field.isEmpty ? "" : field + ": ")\(problem)"
        }
    }
}
