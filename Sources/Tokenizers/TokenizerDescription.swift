/// Everything that a tokenizer is created from, as given in a model file.
public struct TokenizerDescription: Sendable {
    /// The family of algorithms; the raw value is `tokenizer.ggml.model` of GGUF.
    public enum Model: String, Sendable, CaseIterable {
        /// Byte-level byte-pair encoding after a pre-tokenizer.
        case bytePair = "gpt2"
        /// SentencePiece: merges by score, with spaces written `▁` and unknown characters as bytes.
        case sentencePiece = "llama"
        /// Byte-pair encoding of characters, always with the pre-tokenizer `gemma4`.
        case gemma4 = "gemma4"
        /// The pieces with the largest sum of scores.
        case unigram = "plamo2"

        /// Whether the vocabulary has merges.
        public var hasMerges: Bool { self == .bytePair || self == .gemma4 }
    }

    public var model: Model
    /// The name of the pre-tokenizer (`tokenizer.ggml.pre`); byte-pair encoding of bytes only.
    public var preTokenizer: String?
    public var vocabulary: Vocabulary
    /// The merges in order of rank, each as two pieces separated by a space; byte-pair encoding only.
    public var merges = PieceList()
    /// What a `tokenizer.json` says about text and tokens. If there is one, the algorithm, pre-tokenizer, merges and space
    /// prefix here have no effect.
    public var pipeline: TokenizerPipeline?
    public var special = SpecialTokens()
    /// Whether a text starts with BOS and ends with EOS; nil for the algorithm's default.
    public var addsBOS: Bool?
    public var addsEOS: Bool?
    /// Whether a space is added before a text; nil for the algorithm's default (only SentencePiece does).
    public var addsSpacePrefix: Bool?
    /// The name of the model. A few families, recognised by name, absorb whitespace after special tokens.
    public var modelName = ""
    /// What the chat template writes around messages, and its source. Tokens that are markers in it (`<|im_start|>`) are
    /// structure, whatever kind the file gives them: text from outside never becomes one.
    public var templateText = ""

    public init(model: Model, vocabulary: Vocabulary) {
        self.model = model
        self.vocabulary = vocabulary
    }

    /// The ids of tokens with a special role.
    public struct SpecialTokens: Sendable {
        public var bos: Int32?
        public var eos: Int32?
        public var endOfTurn: Int32?
        public var endOfMessage: Int32?
        public var unknown: Int32?
        /// More tokens that end a reply: the padding, repository and file markers of code models.
        public var fillInTheMiddleEnds: [Int32] = []
        /// The text that the chat template writes at the end of a reply.
        public var templateEnd: String?

        public init() {}
    }
}
