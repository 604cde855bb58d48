import Tokenizers

/// A possible problem with a model that does not keep it from running. Each is shown to the user once.
public enum ModelWarning: Sendable, Equatable, CustomStringConvertible {
    case tokenizer(TokenizerWarning)
    /// The file's chat template cannot be used, with the reason. `used`: the standard template instead; nil for a plain
    /// transcript.
    case template(String, used: String?)
    /// The draft model is not used.
    case noDrafts

    public var description: String {
        switch self {
        case .tokenizer(let warning): warning.description
        case .template(let reason, let used):
            "The model's chat template cannot be used (\(reason)). Using "
                + (used.map { "the standard template of \($0)" } ?? "a plain transcript")
                + " instead; /template FILE sets another"
        case .noDrafts:
            "The draft model is not used: this model cannot check several tokens at once and go back to one of them"
        }
    }
}
