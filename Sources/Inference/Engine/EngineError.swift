/// Why the engine could not start, or could not make a reply.
public enum EngineError: Error, Equatable, CustomStringConvertible {
    case threadsOutOfRange(Int)
    case threadsUnavailable(Int)
    case instructionSetUnavailable(InstructionSet)
    case prefillBatchOutOfRange(Int)
    case contextOutOfRange(Int, most: Int)
    /// `fitting`: the longest context there is room for; 0 where not even the weights fit.
    case notEnoughMemory(needed: Int, available: Int, fitting: Int)
    case cacheUnavailable(bytes: Int)
    case scratchUnavailable
    case noTokenizer(reason: String)
    case template(String)
    /// `token`: the first one that differs.
    case draftVocabulary(draft: String, model: String, token: Int32)
    case emptyPrompt
    case tokenOutOfRange(Int32, vocabulary: Int)
    case promptTooLong(tokens: Int, limit: Int)
    case lastMessageTooLong(tokens: Int, limit: Int)
    case textTooShort(tokens: Int, least: Int)
    case notFinite(position: Int)
    case cancelled

    public var description: String {
        switch self {
        case .threadsOutOfRange(let threads): "\(threads) threads cannot be used; choose 1 to 256"
        case .threadsUnavailable(let threads): "the system gave no \(threads) threads; choose fewer"
        case .instructionSetUnavailable(let set): "this processor has no \(set.rawValue) path"
        case .prefillBatchOutOfRange(let length): "a chunk of \(length) tokens cannot be used; choose 1 to 4096"
        case .contextOutOfRange(let length, let most):
            "a context of \(length) tokens cannot be used; this model reads 1 to \(most)"
        case .notEnoughMemory(let needed, let available, let fitting):
            "this model needs about \(bytes(needed)) of memory, but the machine has \(bytes(available)); "
                + (fitting > 0 ? "a context of \(fitting) tokens would fit" : "choose a smaller model")
        case .cacheUnavailable(let count): "the system gave no \(bytes(count)) for the context; choose a shorter one"
        case .scratchUnavailable: "out of memory while computing"
        case .noTokenizer(let reason): "this file cannot read or write text: \(reason)"
        case .template(let message): "the model's chat template failed: \(message)"
        case .draftVocabulary(let draft, let model, let token):
            "\(draft) cannot draft for \(model): their vocabularies differ from token \(token) on; "
                + "choose a smaller model of the same family"
        case .emptyPrompt: "there is nothing to continue: the prompt has no tokens"
        case .tokenOutOfRange(let token, let count): "token \(token) does not exist; this model has 0 to \(count - 1)"
        case .promptTooLong(let tokens, let limit):
            "the prompt has \(tokens) tokens, but the context holds \(limit); shorten it or choose a longer context"
        case .lastMessageTooLong(let tokens, let limit):
            "the last message alone takes \(tokens) tokens, but the context holds \(limit); "
                + "shorten it or choose a longer context"
        case .textTooShort(let tokens, let least): "the text has \(tokens) tokens; at least \(least) are needed"
        case .notFinite(let position):
            "the model computed no finite numbers at position \(position); the file is probably damaged"
        case .cancelled: "stopped"
        }
    }
}

/// "1.5 GB", "300 MB": two significant digits are enough for a person.
private func bytes(_ count: Int) -> String {
    let gigabytes = Double(count) / 1e9
    if gigabytes >= 1 { return "\((gigabytes * 10).rounded() / 10) GB" }
    return "\(max(1, count / 1_000_000)) MB"
}
