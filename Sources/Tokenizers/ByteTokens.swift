/// The tokens `<0x00>`…`<0xFF>`, which stand for the bytes of characters that have no token.
enum ByteTokens {
    /// The token of each byte, or nil if the vocabulary has none.
    static func all(in vocabulary: Vocabulary) -> [Int32?] {
        (0...UInt8.max).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return vocabulary.id(of: "<0x" + (digits.count == 1 ? "0" : "") + digits + ">")
        }
    }

    /// Whether a piece is one of these tokens.
    static func isByte(_ piece: String) -> Bool {
        piece.utf8.count == 6 && piece.hasPrefix("<0x") && piece.hasSuffix(">") && byte(ArraySlice(piece.utf8)) != nil
    }

    /// The byte that the piece of such a token stands for.
    static func byte(_ piece: ArraySlice<UInt8>) -> UInt8? {
        UInt8(String(decoding: piece.dropFirst(3).prefix(2), as: UTF8.self), radix: 16)
    }
}
