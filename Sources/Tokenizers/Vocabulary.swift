/// What a token is; the raw value is the id in `tokenizer.ggml.token_type`.
public enum TokenKind: UInt8, Sendable {
    case normal = 1
    case unknown = 2
    /// Structure that no text stands for, such as the end of a turn. Never made from plain text.
    case control = 3
    /// Text that is always one token, cut out before anything else is split.
    case userDefined = 4
    case unused = 5
    /// One byte, for characters that the vocabulary does not know; written `<0x0A>`.
    case byte = 6
}

/// The tokens of a model: their texts as the file spells them, kinds and scores, and the way back from text to id.
///
/// Texts are bytes and compared as bytes. (Swift strings compare by canonical equivalence, which would merge tokens.)
public struct Vocabulary: Sendable {
    private let pieces: PieceList
    private let scores: [Float]
    private(set) var kinds: [TokenKind]
    private var slots: HashSlots
    /// The length of the longest text in bytes: no longer text needs to be looked up.
    let longestPiece: Int

    /// `scores` and `kinds` may be empty (then 0 and normal), or have one entry a piece.
    /// Of equal pieces the first is the one that `id(of:)` finds. Throws for a piece that is unreasonably long, and for
    /// counts that disagree.
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

    /// Bounds the work that a crafted vocabulary can cause at every byte of a text; real tokens stay far below.
    static let mostPieceBytes = 4_096

    public var count: Int { pieces.count }

    /// The text of a token as the file spells it (byte-level alphabet, `▁` for spaces). The id must be in `0..<count`.
    public func bytes(of id: Int32) -> ArraySlice<UInt8> { pieces[Int(id)] }

    public func kind(of id: Int32) -> TokenKind { kinds[Int(id)] }

    public func score(of id: Int32) -> Float { scores.isEmpty ? 0 : scores[Int(id)] }

    public func contains(_ id: Int32) -> Bool { id >= 0 && Int(id) < count }

    /// The first token that is not the same in both; nil where all are. What one has at the end and does not use, the other
    /// need not have: large models are often padded.
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

    /// The token with these bytes that plain text may become, or nil: never a control token.
    @inline(__always)
    func plainID(of bytes: UnsafeRawBufferPointer) -> Int32? {
        guard let id = id(of: bytes), kinds[Int(id)] != .control else { return nil }
        return id
    }

    /// Marks a token as control where the file forgot to.
    mutating func markControl(_ id: Int32) {
        kinds[Int(id)] = .control
    }

    @inline(__always)
    private static func equal(
        _ all: UnsafeRawBufferPointer, _ range: Range<Int>, _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        range.count == bytes.count && UnsafeRawBufferPointer(rebasing: all[range]).elementsEqual(bytes)
    }
}
