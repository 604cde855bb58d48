/// The tokens that a model's algorithm can make of text: not those that were added, and none that are structure.
struct ModelTokens: Sendable {
    let vocabulary: Vocabulary
    private let isUsable: [Bool]

    init(_ vocabulary: Vocabulary, isOfModel: [Bool]) {
        self.vocabulary = vocabulary
        isUsable = isOfModel.indices.map { isOfModel[$0] && !vocabulary.isStructure[$0] }
    }

    @inline(__always)
    func contains(_ id: Int32) -> Bool { isUsable[Int(id)] }

    /// The token with exactly these bytes, or nil.
    @inline(__always)
    func id(of piece: UnsafeRawBufferPointer) -> Int32? {
        vocabulary.id(of: piece).flatMap { isUsable[Int($0)] ? $0 : nil }
    }

    func id(of piece: [UInt8]) -> Int32? { piece.withUnsafeBytes(id(of:)) }

    /// The tokens `<0x00>`…`<0xFF>`.
    var byteTokens: [Int32?] {
        ByteTokens.all(in: vocabulary).map { $0.flatMap { isUsable[Int($0)] ? $0 : nil } }
    }

    /// The tokens of a word's bytes; nil if one of them has none.
    static func bytes(_ word: UnsafeRawBufferPointer, _ byteTokens: [Int32?]) -> [Int32]? {
        let tokens = word.compactMap { byteTokens[Int($0)] }
        return tokens.count == word.count ? tokens : nil
    }
}
