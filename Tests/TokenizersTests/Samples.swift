import Tokenizers

/// Small vocabularies for tests.
enum Samples {
    /// SentencePiece with all byte tokens, single letters, the control token `<end>` and some user-defined tokens.
    static func sentencePiece(
        modelName: String = "", _ adjust: (inout TokenizerDescription) -> Void = { _ in }
    ) throws -> Tokenizer {
        var pieces: [(String, Float, TokenKind)] = [
            ("<unk>", 0, .unknown), ("<s>", 0, .control), ("</s>", 0, .control), ("<end>", 0, .control),
            ("<tag>", 0, .userDefined), ("wx", 0, .userDefined), ("xyz", 0, .userDefined), ("\n\n", 0, .userDefined),
            ("zz", 0, .userDefined), ("zzz", 0, .userDefined), ("<e", -5, .normal), ("nd>", -6, .normal),
        ]
        for byte in 0...255 {
            let digits = String(byte, radix: 16, uppercase: true)
            pieces.append(("<0x\(byte < 16 ? "0" : "")\(digits)>", 0, .byte))
        }
        for scalar in "▁abcdefwxyz<>" { pieces.append((String(scalar), -10, .normal)) }
        pieces += [("▁a", -1, .normal), ("ab", -2, .normal), ("nd", -7, .normal), ("n", -9, .normal)]
        let vocabulary = try Vocabulary(
            pieces: PieceList(pieces.map(\.0)), scores: pieces.map(\.1), kinds: pieces.map(\.2))
        var description = TokenizerDescription(model: .sentencePiece, vocabulary: vocabulary)
        description.special.bos = 1
        description.special.eos = 2
        description.special.unknown = 0
        description.modelName = modelName
        adjust(&description)
        return try Tokenizer(description)
    }

    /// Byte-level byte-pair encoding with the 256 bytes and a few merges as its only tokens.
    static func bytePair(preTokenizer: String = "gpt-2", merges: [String]) throws -> Tokenizer {
        let bytes = (0...255).map { byte -> String in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: String(Unicode.Scalar(UInt8(byte)))
            default: ""
            }
        }
        // Bytes that are not printable are represented by the characters from U+0100 on, in order.
        var next: UInt32 = 0x100
        let alphabet = bytes.map { letter -> String in
            guard letter.isEmpty else { return letter }
            defer { next += 1 }
            return Unicode.Scalar(next).map { String($0) } ?? ""
        }
        let joined = merges.map { $0.filter { $0 != " " } }
        var description = TokenizerDescription(
            model: .bytePair, vocabulary: try Vocabulary(pieces: PieceList(alphabet + joined)))
        description.merges = PieceList(merges)
        description.preTokenizer = preTokenizer
        return try Tokenizer(description)
    }
}
