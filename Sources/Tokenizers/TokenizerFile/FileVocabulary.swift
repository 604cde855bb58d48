import JSON

/// The tokens of a `tokenizer.json`: those of its model, and those that were added.
struct FileVocabulary {
    /// Unused where no token has an id.
    let vocabulary: Vocabulary
    /// Of each id, whether the model's algorithm can produce it.
    let isOfModel: [Bool]
    let addedTokens: [AddedToken]

    /// - Parameters:
    ///   - entries: the model's tokens. Of equal ones, the last counts.
    ///   - scores: by id, or empty.
    ///   - hasByteTokens: whether `<0x0A>` is a byte.
    init(
        _ field: FileField, entries: [Entry], scores: [Double], added: [AddedToken], hasByteTokens: Bool
    ) throws(TokenizerError) {
        let count = try Self.tokenCount(field, entries)
        var pieces = [String?](repeating: nil, count: count)
        for entry in entries {
            guard pieces[entry.id] == nil else {
                throw field.error("more than one token has the id \(entry.id)")
            }
            pieces[entry.id] = entry.piece
        }
        var isOfModel = pieces.map { $0 != nil }
        var kinds = pieces.map { piece -> TokenKind in
            guard let piece else { return .unused }
            return hasByteTokens && ByteTokens.isByte(piece) ? .byte : .normal
        }
        var numbering = AddedNumbering(entries, added)
        var indices: [Int: Int] = [:]
        var addedTokens: [AddedToken] = []
        for var token in added {
            let (id, isNew) = numbering.id(of: token.content)
            while pieces.count <= id {
                pieces.append(nil)
                kinds.append(.unused)
                isOfModel.append(false)
            }
            guard !isNew || pieces[id] == nil else {
                throw .file(
                    field: "added_tokens",
                    problem: "\(Self.quoted(token.content)) would get the id \(id), which another token has")
            }
            token.id = Int32(id)
            pieces[id] = token.content
            kinds[id] = token.isSpecial ? .control : .userDefined
            if let index = indices[id] {
                addedTokens[index] = token
            } else {
                indices[id] = addedTokens.count
                addedTokens.append(token)
            }
        }
        var list = PieceList()
        for piece in pieces { list.append((piece ?? "").utf8) }
        vocabulary = try Vocabulary(
            pieces: list,
            scores: scores.isEmpty ? [] : pieces.indices.map { $0 < scores.count ? Float(scores[$0]) : 0 }, kinds: kinds
        )
        self.isOfModel = isOfModel
        self.addedTokens = addedTokens
    }

    struct Entry {
        let piece: String
        let id: Int
    }

    /// The tokens of an object with pieces and their ids.
    static func entries(_ field: FileField) throws(TokenizerError) -> [Entry] {
        var entries: [Entry] = []
        for item in try field.object() {
            guard let id = item.value.integer, id >= 0 else {
                throw field.error("the id of \(Self.quoted(item.name)) is not a number from 0 on")
            }
            entries.append(Entry(piece: item.name, id: id))
        }
        return entries
    }

    /// A piece as shown in an error.
    static func quoted(_ piece: String) -> String { String(piece.prefix(64)).debugDescription }

    /// The largest id and one. Files have few holes; an id of a billion in a small file would take gigabytes.
    private static func tokenCount(_ field: FileField, _ entries: [Entry]) throws(TokenizerError) -> Int {
        guard let last = entries.map(\.id).max() else { throw field.error("it has no tokens") }
        let limit = 2 * entries.count + 65_536
        guard last < limit else {
            throw field.error("the id \(last) is too large; \(entries.count) tokens can have ids below \(limit)")
        }
        return last + 1
    }
}

/// Numbers added tokens as `tokenizers` does, which does not use the ids in the file: tokens of the model keep their ids,
/// and others follow the largest one.
private struct AddedNumbering {
    private var ids: [[UInt8]: Int] = [:]
    private let modelCount: Int
    private var largest: Int?

    init(_ entries: [FileVocabulary.Entry], _ added: [AddedToken]) {
        modelCount = entries.count
        let contents = Set(added.map { Array($0.content.utf8) })
        guard !contents.isEmpty else { return }
        for entry in entries {
            let piece = Array(entry.piece.utf8)
            if contents.contains(piece) { ids[piece] = entry.id }
        }
    }

    mutating func id(of content: String) -> (id: Int, isNew: Bool) {
        let piece = Array(content.utf8)
        let known = ids[piece]
        let next = largest.map { max($0 + 1, modelCount) } ?? modelCount
        let id = known ?? next
        ids[piece] = id
        largest = max(largest ?? id, id)
        return (id, known == nil)
    }
}
