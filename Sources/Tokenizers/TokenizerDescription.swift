/// Everything that a tokenizer is built from, as a model file states it.
public struct TokenizerDescription: Sendable {
    /// The family of algorithms; the raw value is `tokenizer.ggml.model` of GGUF.
    public enum Model: String, Sendable, CaseIterable {
        /// Byte-level byte-pair encoding after a pre-tokenizer.
        case bytePair = "gpt2"
        /// SentencePiece: merges by score, spaces written `▁`, unknown characters as bytes.
        case sentencePiece = "llama"
    }

    public var model: Model
    /// The name of the pre-tokenizer (`tokenizer.ggml.pre`); byte-pair encoding only.
    public var preTokenizer: String?
    public var vocabulary: Vocabulary
    /// The merges in order of rank, each as two pieces with a space between; byte-pair encoding only.
    public var merges = PieceList()
    public var special = SpecialTokens()
    /// Whether a text starts with BOS and ends with EOS; nil is what the family does.
    public var addsBOS: Bool?
    public var addsEOS: Bool?
    /// Whether a space is put before a text; nil is what the family does (SentencePiece does).
    public var addsSpacePrefix: Bool?
    /// The name of the model, by which a few families are known to swallow whitespace after special tokens.
    public var modelName = ""

    public init(model: Model, vocabulary: Vocabulary) {
        self.model = model
        self.vocabulary = vocabulary
    }

    /// The ids that the file gives for tokens with a role.
    public struct SpecialTokens: Sendable {
        public var bos: Int32?
        public var eos: Int32?
        public var endOfTurn: Int32?
        public var endOfMessage: Int32?
        public var unknown: Int32?
        /// Further tokens after which a model has finished: the padding, repository and file marks of code models.
        public var fillInTheMiddleEnds: [Int32] = []

        public init() {}
    }
}
