import GGUF
import Tokenizers

extension Tokenizer {
    /// The tokenizer of a model file, or nil if it has none.
    ///
    /// Throws `GGUFError` for metadata of the wrong type and `TokenizerError` for an unusable vocabulary.
    public init?(_ file: GGUFFile) throws {
        guard let description = try TokenizerDescription(file) else { return nil }
        try self.init(description)
    }
}

extension TokenizerDescription {
    /// The metadata `tokenizer.ggml.*`, or nil if the file has no vocabulary.
    public init?(_ file: GGUFFile) throws {
        let metadata = file.metadata
        guard let header = try Header(metadata) else { return nil }
        self.init(model: header.model, vocabulary: try Vocabulary(metadata))
        preTokenizer = header.preTokenizer
        if model.hasMerges { merges = PieceList(try metadata.requireArray("tokenizer.ggml.merges")) }
        special = header.special
        addsBOS = try metadata.bool("tokenizer.ggml.add_bos_token")
        addsEOS = try metadata.bool("tokenizer.ggml.add_eos_token")
        addsSpacePrefix = try metadata.bool("tokenizer.ggml.add_space_prefix")
        modelName = try metadata.string("general.name") ?? ""
    }
}

extension TokenizerDescription {
    /// What the metadata says about a vocabulary, without its tokens.
    struct Header {
        let model: Model
        let preTokenizer: String?
        let special: SpecialTokens
        /// Of tokens.
        let count: Int

        /// Nil if the file has no vocabulary. Throws if its lists certainly do not fit together.
        init?(_ metadata: GGUFMetadata) throws {
            guard let name = try metadata.string("tokenizer.ggml.model"), !["none", "no_vocab"].contains(name) else {
                return nil
            }
            guard let model = Model(rawValue: name) else { throw TokenizerError.unsupportedModel(name) }
            self.model = model
            preTokenizer = try metadata.string("tokenizer.ggml.pre")
            special = try SpecialTokens(metadata, model: model)
            count = try metadata.requireArray("tokenizer.ggml.tokens").stringCount
            guard count > 0 else { throw TokenizerError.tokenCount(count) }
            for (key, name) in [("scores", "scores"), ("token_type", "token types")] {
                let values = try metadata.array("tokenizer.ggml.\(key)")?.count ?? 0
                guard values == 0 || values == count else {
                    throw TokenizerError.countMismatch(name, values, tokens: count)
                }
            }
            if model.hasMerges, try metadata.requireArray("tokenizer.ggml.merges").stringCount == 0 {
                throw TokenizerError.missingMerges
            }
        }

        var warnings: [TokenizerWarning] {
            TokenizerWarning.all(model: model, preTokenizer: preTokenizer, special: special, tokens: count)
        }
    }
}

extension GGUFArray {
    fileprivate var stringCount: Int { elementType == .string ? count : 0 }
}

extension Vocabulary {
    fileprivate init(_ metadata: GGUFMetadata) throws {
        let scores = try metadata.array("tokenizer.ggml.scores")?.floats() ?? []
        let types = try metadata.array("tokenizer.ggml.token_type")?.ints() ?? []
        try self.init(
            pieces: PieceList(try metadata.requireArray("tokenizer.ggml.tokens")),
            scores: scores,
            // Tokens of unknown types are not text.
            kinds: types.map { UInt8(exactly: $0).flatMap(TokenKind.init) ?? .unused })
    }
}

extension PieceList {
    fileprivate init(_ array: GGUFArray) {
        self.init()
        array.forEachString { append($0) }
    }
}

extension TokenizerDescription.SpecialTokens {
    fileprivate init(_ metadata: GGUFMetadata, model: TokenizerDescription.Model) throws {
        self.init()
        func token(_ role: String) throws -> Int32? {
            try metadata.int("tokenizer.ggml.\(role)_token_id", in: .min ... .max).map { Int32(clamping: $0) }
        }
        // Old SentencePiece models do not name these tokens, but their ids have always been the same.
        let hasUsualIDs = model == .sentencePiece || model == .unigram
        bos = try token("bos") ?? (hasUsualIDs ? 1 : nil)
        eos = try token("eos") ?? (hasUsualIDs ? 2 : nil)
        unknown = try token("unknown") ?? (hasUsualIDs ? 0 : nil)
        endOfTurn = try token("eot")
        endOfMessage = try token("eom")
        fillInTheMiddleEnds = try ["fim_pad", "fim_rep", "fim_sep"].compactMap(token)
    }
}
