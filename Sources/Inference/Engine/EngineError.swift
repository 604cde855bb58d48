import ONNXRuntime

/// Why the engine could not start or could not generate a reply.
public enum EngineError: Error, Equatable, CustomStringConvertible {
    case threadsOutOfRange(Int)
    case threadsUnavailable(Int)
    case instructionSetUnavailable(InstructionSet)
    case prefillBatchOutOfRange(Int)
    case contextOutOfRange(Int, most: Int)
    /// `fitting`: the longest context that fits; 0 if not even the weights do.
    case notEnoughMemory(needed: Int, available: Int, fitting: Int)
    case cacheUnavailable(bytes: Int)
    case scratchUnavailable
    /// `isFolder`: whether the model is a folder, and not a file.
    case noTokenizer(isFolder: Bool, reason: String)
    case template(String)
    case textTooLong(characters: Int, most: Int)
    /// `token`: the first one that differs.
    case draftVocabulary(draft: String, model: String, token: Int32)
    case emptyPrompt
    case tokenOutOfRange(Int32, vocabulary: Int)
    case promptTooLong(tokens: Int, limit: Int)
    case lastMessageTooLong(tokens: Int, limit: Int)
    /// A reply cannot be continued.
    case replyFillsContext(tokens: Int, limit: Int)
    case textTooShort(tokens: Int, least: Int)
    case notFinite(position: Int)
    /// Only this program's own decoder can do what is asked for.
    case needsOwnDecoder(String)
    /// ONNX Runtime is not there, or fails.
    case runtime(ONNXRuntimeError)
    case export(String)
    case cancelled

    public var description: String {
        switch self {
        case .threadsOutOfRange(let threads): "The number of threads must be 1 to 256, not \(threads)"
        case .threadsUnavailable(let threads): "Could not start \(threads) threads; choose fewer"
        case .instructionSetUnavailable(let set):
            "This processor does not support \(set.rawValue). It supports: "
                + InstructionSet.available.map(\.rawValue).joined(separator: ", ")
        case .prefillBatchOutOfRange(let length): "The prefill batch must be 1 to 4096 tokens, not \(length)"
        case .contextOutOfRange(let length, let most):
            "num_ctx \(length) is out of range; this model supports 1 to \(most)"
        case .notEnoughMemory(let needed, let available, let fitting):
            "This model needs about \(bytes(needed)) of memory, but the machine has \(bytes(available)). "
                + (fitting > 0 ? "A context of \(fitting) tokens would fit (num_ctx)" : "Choose a smaller model")
        case .cacheUnavailable(let count):
            "Could not allocate \(bytes(count)) for the context; choose a smaller num_ctx"
        case .scratchUnavailable: "Out of memory"
        case .noTokenizer(let isFolder, let reason):
            "This \(isFolder ? "folder" : "file") cannot be used for text: \(reason)"
        case .template(let message): "The model's chat template failed: \(message)"
        case .textTooLong(let characters, let most):
            "The conversation has \(characters) characters; at most \(most) can be read. Shorten it"
        case .draftVocabulary(let draft, let model, let token):
            "\(draft) cannot draft for \(model): their vocabularies differ from token \(token) on. "
                + "Choose a smaller model of the same family"
        case .emptyPrompt: "The prompt is empty"
        case .tokenOutOfRange(let token, let count):
            "Token \(token) does not exist; this model has tokens 0 to \(count - 1)"
        case .promptTooLong(let tokens, let limit):
            "The prompt has \(tokens) tokens; the context holds \(limit). Shorten it or raise num_ctx"
        case .lastMessageTooLong(let tokens, let limit):
            "The message alone needs \(tokens) tokens; the context holds \(limit). Shorten it or raise num_ctx"
        case .replyFillsContext(let tokens, let limit):
            "The reply and its question fill the context (\(tokens) of \(limit) tokens). "
                + "Raise num_ctx, or start a new chat with /new"
        case .textTooShort(let tokens, let least): "The text has \(tokens) tokens; at least \(least) are needed"
        case .notFinite(let position):
            "The model produced invalid numbers (NaN/inf) at position \(position); the file is probably damaged"
        case .needsOwnDecoder(let what): "\(what) is not possible with an ONNX export"
        case .runtime(let error): error.description
        case .export(let reason): reason
        case .cancelled: "Stopped"
        }
    }
}

/// "1.5 GB", "300 MB".
private func bytes(_ count: Int) -> String {
    let gigabytes = Double(count) / 1e9
    if gigabytes >= 1 { return "\((gigabytes * 10).rounded() / 10) GB" }
    return "\(max(1, count / 1_000_000)) MB"
}
