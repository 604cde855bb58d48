import JSON

/// The algorithm that turns words into tokens (`model`).
enum TokenModel: Sendable {
    case bytePair(BytePairModel)
    case unigram(UnigramModel)
    case wordPiece(WordPieceModel)
    case wordLevel(WordLevelModel)

    private enum Name: String, CaseIterable {
        case bytePair = "BPE", unigram = "Unigram", wordPiece = "WordPiece", wordLevel = "WordLevel"
    }

    /// The field's model and the tokens of the file.
    static func read(
        _ field: FileField, added: [AddedToken]
    ) throws(TokenizerError) -> (model: TokenModel, tokens: FileVocabulary) {
        let name = try name(field)
        let vocabulary = field["vocab"]
        let hasFallback = name == .bytePair || name == .unigram
        let fallsBack = hasFallback ? try field["byte_fallback"].bool(false) : false
        var scores: [Double] = []
        let entries: [FileVocabulary.Entry]
        if name == .unigram {
            entries = try UnigramModel.entries(vocabulary, &scores)
        } else {
            entries = try FileVocabulary.entries(vocabulary)
        }
        let tokens = try FileVocabulary(
            vocabulary, entries: entries, scores: scores, added: added, hasByteTokens: fallsBack)
        let model: TokenModel =
            switch name {
            case .bytePair: .bytePair(try BytePairModel(field, tokens, fallsBackToBytes: fallsBack))
            case .unigram: .unigram(try UnigramModel(field, scores: scores, fallsBackToBytes: fallsBack))
            case .wordPiece: .wordPiece(try WordPieceModel(field, tokens))
            case .wordLevel: .wordLevel(try WordLevelModel(field, tokens))
            }
        return (model, tokens)
    }

    /// The nearest algorithm of GGUF files.
    var family: TokenizerDescription.Model { if case .bytePair = self { .bytePair } else { .unigram } }

    /// The token for text that has none.
    var unknown: Int32? {
        switch self {
        case .bytePair(let model): model.unknown
        case .unigram(let model): model.unknown
        case .wordPiece(let model): model.unknown
        case .wordLevel(let model): model.unknown
        }
    }

    /// Old files do not name their model.
    private static func name(_ field: FileField) throws(TokenizerError) -> Name {
        guard field["type"].isAbsent else { return try field["type"].variant(Name.self) }
        if !field["merges"].isAbsent { return .bytePair }
        if field["vocab"].value?.array != nil { return .unigram }
        return field["max_input_chars_per_word"].isAbsent ? .wordLevel : .wordPiece
    }
}

extension FileVocabulary {
    /// The model's token with this piece, or nil.
    func modelID(of piece: String) -> Int32? {
        vocabulary.id(of: piece).flatMap { isOfModel[Int($0)] ? $0 : nil }
    }
}

/// Byte-pair encoding: the characters of a word are joined pair by pair, lowest rank first (Sennrich et al. 2016).
struct BytePairModel: Sendable {
    /// For characters without a token; they are left out if there is none.
    let unknown: Int32?
    /// Whether neighbouring unknown characters are one token.
    let fusesUnknown: Bool
    /// What is written before all characters of a word but the first, and after the last.
    let prefix: [UInt8]
    let suffix: [UInt8]
    /// Whether characters without a token become the tokens of their bytes.
    let fallsBackToBytes: Bool
    /// Whether words that are tokens are used as such, whatever the merges are.
    let ignoresMerges: Bool
    /// In order of rank.
    let merges: [Merge]

    /// A pair of tokens and the one that they become.
    struct Merge: Sendable {
        let left: Int32
        let right: Int32
        let joined: Int32
    }

    init(_ field: FileField, _ tokens: FileVocabulary, fallsBackToBytes: Bool) throws(TokenizerError) {
        unknown = try field["unk_token"].optionalString().flatMap(tokens.modelID)
        fusesUnknown = try field["fuse_unk"].bool(false)
        prefix = Array((try field["continuing_subword_prefix"].optionalString() ?? "").utf8)
        suffix = Array((try field["end_of_word_suffix"].optionalString() ?? "").utf8)
        ignoresMerges = try field["ignore_merges"].bool(false)
        self.fallsBackToBytes = fallsBackToBytes
        var merges: [Merge] = []
        let list = field["merges"]
        let values = try list.list()
        merges.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            // The first line of files with merges.
            if case .string(let text) = value, text.hasPrefix("#version") { continue }
            do throws(MergeProblem) {
                merges.append(try Merge(value, tokens, prefix: prefix))
            } catch { throw .file(field: "\(list.path)[\(index)]", problem: error.text) }
        }
        self.merges = merges
    }

    fileprivate struct MergeProblem: Error {
        let text: String
    }
}

extension BytePairModel.Merge {
    /// - Parameter value: `"a b"` or `["a", "b"]`.
    fileprivate init(
        _ value: JSONValue, _ tokens: FileVocabulary, prefix: [UInt8]
    ) throws(BytePairModel.MergeProblem) {
        let parts: [String]
        switch value {
        case .string(let text):
            parts = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false).map { String(Substring($0)) }
        case .array(let items): parts = items.compactMap(\.string)
        default: parts = []
        }
        guard parts.count == 2 else { throw .init(text: "two pieces expected") }
        func token(_ piece: [UInt8]) throws(BytePairModel.MergeProblem) -> Int32 {
            let id = piece.withUnsafeBytes(tokens.vocabulary.id(of:))
            guard let id, tokens.isOfModel[Int(id)] else {
                let text = FileVocabulary.quoted(String(decoding: piece, as: UTF8.self))
                throw .init(text: "\(text) is not in the vocabulary")
            }
            return id
        }
        let first = Array(parts[0].utf8), second = Array(parts[1].utf8)
        left = try token(first)
        right = try token(second)
        joined = try token(first + second.dropFirst(prefix.count))
    }
}

/// Unigram segmentation: of all ways to write a word, the one with the largest sum of scores (Kudo 2018).
struct UnigramModel: Sendable {
    /// By id.
    let scores: [Double]
    let unknown: Int32?
    let fallsBackToBytes: Bool

    init(_ field: FileField, scores: [Double], fallsBackToBytes: Bool) throws(TokenizerError) {
        self.scores = scores
        self.fallsBackToBytes = fallsBackToBytes
        let unknown = field["unk_id"]
        guard !unknown.isAbsent else {
            self.unknown = nil
            return
        }
        let id = try unknown.count()
        guard id < scores.count else { throw unknown.error("\(id), but there are \(scores.count) tokens") }
        self.unknown = Int32(id)
    }

    /// The tokens of a list of pieces and scores.
    static func entries(
        _ field: FileField, _ scores: inout [Double]
    ) throws(TokenizerError) -> [FileVocabulary.Entry] {
        var entries: [FileVocabulary.Entry] = []
        for (index, value) in try field.list().enumerated() {
            guard let pair = value.array, pair.count == 2, let piece = pair[0].string, let score = pair[1].double else {
                throw .file(field: "\(field.path)[\(index)]", problem: "a piece and its score expected")
            }
            entries.append(.init(piece: piece, id: index))
            scores.append(score)
        }
        return entries
    }
}

/// The longest token at the start of the rest of a word, again and again (Schuster & Nakajima 2012).
struct WordPieceModel: Sendable {
    /// For words that have characters without a token, or too many.
    let unknown: Int32?
    /// What is written before all tokens of a word but the first.
    let prefix: [UInt8]
    let mostCharacters: Int

    init(_ field: FileField, _ tokens: FileVocabulary) throws(TokenizerError) {
        unknown = tokens.modelID(of: try field["unk_token"].string())
        prefix = Array(try field["continuing_subword_prefix"].string().utf8)
        mostCharacters = try field["max_input_chars_per_word"].count()
    }
}

/// Words that are tokens.
struct WordLevelModel: Sendable {
    /// For all other words.
    let unknown: Int32?

    init(_ field: FileField, _ tokens: FileVocabulary) throws(TokenizerError) {
        unknown = tokens.modelID(of: try field["unk_token"].string())
    }
}
