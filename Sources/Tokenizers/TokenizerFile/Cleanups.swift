/// The cleanup of BERT: `BertNormalizer`.
struct BertCleanup: Sendable {
    let cleansText: Bool
    /// Whether spaces are put around ideographs.
    let separatesIdeographs: Bool
    let stripsAccents: Bool
    let lowercases: Bool

    init(_ field: FileField) throws(TokenizerError) {
        cleansText = try field["clean_text"].bool()
        separatesIdeographs = try field["handle_chinese_chars"].bool()
        lowercases = try field["lowercase"].bool()
        stripsAccents = try field["strip_accents"].bool(lowercases)
    }

    /// Whether a character is more than control and formatting.
    func keeps(_ scalar: TextScalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: true
        case 0x20..<0x7F: true
        case 0, 0xFFFD: false
        default: ClassifiedScalar(scalar.scalar, upTo: .categories).classes & Self.others == 0
        }
    }

    private static let others = ["Cc", "Cf", "Co"].reduce(UInt32(0)) { $0 | (CategoryClasses.mask($1) ?? 0) }

    func plainSpace(_ scalar: TextScalar) -> [UInt32]? {
        scalar.value != 0x20 && scalar.isWhitespace ? [0x20] : nil
    }

    func separated(_ scalar: TextScalar) -> [UInt32]? {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            [0x20, scalar.value, 0x20]
        default: nil
        }
    }
}

/// The cleanup of Google's translation models: `Nmt`.
enum TranslationCleanup {
    static func keeps(_ scalar: TextScalar) -> Bool {
        switch scalar.value {
        case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: false
        default: true
        }
    }

    static func plainSpace(_ scalar: TextScalar) -> [UInt32]? {
        switch scalar.value {
        case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD: [0x20]
        default: nil
        }
    }
}
