/// The kind of a token; the raw value is the id in `tokenizer.ggml.token_type`.
public enum TokenKind: UInt8, Sendable {
    case normal = 1
    case unknown = 2
    /// Structure that is not text, such as the end of a turn. Never the result of encoding plain text.
    case control = 3
    /// Text that is always a single token, split off before the rest is encoded.
    case userDefined = 4
    case unused = 5
    /// A byte, for characters that are not in the vocabulary; written `<0x0A>`.
    case byte = 6
}

/// The tokens of a model: their texts as spelled in the file, kinds and scores, and a map from text to id.
///
/// Texts are stored and compared as bytes. (Swift strings compare by canonical equivalence, which would merge tokens.)
public struct Vocabulary: Sendable {
    private let pieces: PieceList
    private let scores: [Float]
    private(set) var kinds: [TokenKind]
    /// Tokens that only the chat template's own text can become: control tokens, and markers of other kinds.
    private(set) var isStructure: [Bool]
    private var slots: HashSlots
    /// The length of the longest text, in bytes; longer texts need no lookup.
    let longestPiece: Int

    /// `scores` and `kinds` can be empty (then 0 and normal), or have one entry per piece. Of equal pieces, `id(of:)`
    /// finds the first. Throws if a piece is unreasonably long or the counts do not match.
    public init(pieces: PieceList, scores: [Float] = [], kinds: [TokenKind] = []) throws(TokenizerError) {
        guard pieces.count > 0, pieces.count < Int32.max else { throw .tokenCount(pieces.count) }
        guard scores.isEmpty || scores.count == pieces.count else {
            throw .countMismatch("scores", scores.count, tokens: pieces.count)
        }
        guard kinds.isEmpty || kinds.count == pieces.count else {
            throw .countMismatch("token types", kinds.count, tokens: pieces.count)
        }
        self.pieces = pieces
        self.scores = scores
        self.kinds = kinds.isEmpty ? Array(repeating: .normal, count: pieces.count) : kinds
        isStructure = self.kinds.map { $0 == .control }
        let lengths = (0..<pieces.count).map { pieces.range(of: $0).count }
        if let long = lengths.firstIndex(where: { $0 > Self.mostPieceBytes }) {
            throw .tokenTooLong(long, bytes: lengths[long])
        }
        longestPiece = lengths.max() ?? 0
        var slots = HashSlots(count: pieces.count)
        pieces.bytes.withUnsafeBytes { bytes in
            for id in 0..<pieces.count {
                let piece = UnsafeRawBufferPointer(rebasing: bytes[pieces.range(of: id)])
                let hash = KeyedHash.of(piece)
                let known = slots.find(hash) { Self.equal(bytes, pieces.range(of: $0), piece) }
                if known == nil { slots.insert(id, hash) }
            }
        }
        self.slots = slots
    }

    /// Limits the work that a crafted vocabulary can cause for every byte of a text; real tokens are far shorter.
    static let mostPieceBytes = 4_096

    public var count: Int { pieces.count }

    /// The text of a token as spelled in the file (byte-level alphabet, `▁` for spaces). The id must be in `0..<count`.
    public func bytes(of id: Int32) -> ArraySlice<UInt8> { pieces[Int(id)] }

    /// Calls `body` with the bytes of all tokens and a function that returns a token's range in them.
    @inline(__always)
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer, (Int32) -> Range<Int>) -> Result) -> Result {
        pieces.bytes.withUnsafeBytes { body($0) { pieces.range(of: Int($0)) } }
    }

    public func kind(of id: Int32) -> TokenKind { kinds[Int(id)] }

    public func score(of id: Int32) -> Float { scores.isEmpty ? 0 : scores[Int(id)] }

    public func contains(_ id: Int32) -> Bool { id >= 0 && Int(id) < count }

    /// The first token that differs, or nil if there is none. Unused tokens at the end of only one vocabulary do not
    /// count: large models are often padded.
    public func firstDifference(from other: Vocabulary) -> Int32? {
        for id in 0..<Int32(Swift.min(count, other.count))
        where kind(of: id) != other.kind(of: id) || bytes(of: id) != other.bytes(of: id) { return id }
        let longer = count > other.count ? self : other
        let surplus = Int32(Swift.min(count, other.count))..<Int32(longer.count)
        return surplus.first { longer.kind(of: $0) != .unused }
    }

    /// The token spelled exactly so, or nil.
    public func id(of text: String) -> Int32? {
        var text = text
        return text.withUTF8 { id(of: UnsafeRawBufferPointer($0)) }
    }

    /// The token with exactly these bytes, or nil.
    @inline(__always)
    func id(of bytes: UnsafeRawBufferPointer) -> Int32? {
        guard bytes.count <= longestPiece else { return nil }
        return pieces.bytes.withUnsafeBytes { all in
            slots.find(KeyedHash.of(bytes)) { Self.equal(all, pieces.range(of: $0), bytes) }.map(Int32.init)
        }
    }

    /// The token with these bytes, or nil. Never one that is structure, since it is for plain text.
    @inline(__always)
    func plainID(of bytes: UnsafeRawBufferPointer) -> Int32? {
        guard let id = id(of: bytes), !isStructure[Int(id)] else { return nil }
        return id
    }

    /// Marks a token as control if the file does not.
    mutating func markControl(_ id: Int32) {
        kinds[Int(id)] = .control
        isStructure[Int(id)] = true
    }

    /// Marks the tokens that are markers in a template's text as structure: some files make `<|im_start|>` a
    /// user-defined token, so a user who typed it would begin a turn. Its text stays visible in replies.
    mutating func markStructure(in templateText: String) {
        guard !templateText.isEmpty else { return }
        for id in kinds.indices where !isStructure[id] && kinds[id] != .byte {
            let piece = pieces[id]
            guard Self.isMarker(piece), templateText.contains(String(decoding: piece, as: UTF8.self)) else { continue }
            isStructure[id] = true
        }
    }

    /// Whether a piece has the form of a marker: a bracketed word.
    private static func isMarker(_ piece: ArraySlice<UInt8>) -> Bool {
        guard piece.count > 2, let first = piece.first, let last = piece.last,
            first == UInt8(ascii: "<") && last == UInt8(ascii: ">")
                || first == UInt8(ascii: "[") && last == UInt8(ascii: "]")
        else { return false }
        return piece.contains { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") || $0 >= 0x80 }
    }

    @inline(__always)
    private static func equal(
        _ all: UnsafeRawBufferPointer, _ range: Range<Int>, _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        range.count == bytes.count && UnsafeRawBufferPointer(rebasing: all[range]).elementsEqual(bytes)
    }
}
