/// A Unicode scalar with the properties that patterns need, looked up once: 21 bits of scalar, 5 bits of general
/// category, 1 bit each for white space and letters in the wide sense (Unicode's `Alphabetic`).
struct ClassifiedScalar {
    private let packed: UInt32

    init(_ scalar: Unicode.Scalar) {
        self.init(scalar, upTo: .llamaCpp)
    }

    init(_ scalar: Unicode.Scalar, upTo version: UnicodeAge) {
        let value = scalar.value
        packed = value < 0x80 ? Self.ascii[Int(value)] : Self.pack(scalar, version)
    }

    var value: UInt32 { packed & 0x1F_FFFF }

    /// One bit for the general category, bit 30 for white space and bit 31 for letters; tested against a set's mask.
    var classes: UInt32 { 1 << (packed >> 21 & 0x1F) | (packed >> 26) << 30 }

    static let whitespaceClass: UInt32 = 1 << 30
    static let alphabeticClass: UInt32 = 1 << 31

    var isNumber: Bool { classes & Self.numberClasses != 0 }
    private static let numberClasses = CategoryClasses.mask("N") ?? 0

    var isWhitespace: Bool { packed >> 26 & 1 != 0 }

    /// The length of the scalar in UTF-8.
    var byteCount: Int {
        switch value {
        case 0..<0x80: 1
        case 0x80..<0x800: 2
        case 0x800..<0x1_0000: 3
        default: 4
        }
    }

    private static let ascii: [UInt32] = (UInt8(0)..<0x80).map { pack(Unicode.Scalar($0), .llamaCpp) }

    private static func pack(_ scalar: Unicode.Scalar, _ version: UnicodeAge) -> UInt32 {
        let properties = scalar.properties
        let isKnown = version.knows(scalar)
        let category = isKnown ? version.formerCategory(of: scalar) ?? properties.generalCategory : .unassigned
        let bit = UInt32(CategoryClasses.order.firstIndex(of: category) ?? 0)
        return scalar.value | bit << 21 | (properties.isWhitespace ? 1 << 26 : 0)
            | (isKnown && properties.isAlphabetic ? 1 << 27 : 0)
    }
}

/// A version of Unicode. Characters of later versions count as unassigned, so that tokens do not depend on the standard
/// library's version but on the one that a reference uses.
enum UnicodeAge: Sendable {
    /// llama.cpp.
    case llamaCpp
    /// Patterns, letter case and numbers in `tokenizers` 0.22.
    case patterns
    /// Normal forms and combining marks there.
    case normalForms
    /// General categories there, outside patterns.
    case categories

    /// The standard library.
    case any

    private var newest: (major: Int, minor: Int) {
        switch self {
        case .any: (.max, 0)
        case .llamaCpp: (15, 1)
        case .patterns: (16, 0)
        case .normalForms: (9, 0)
        case .categories: (8, 0)
        }
    }

    /// The category of a character that later versions have changed; nil for all others.
    func formerCategory(of scalar: Unicode.Scalar) -> Unicode.GeneralCategory? {
        switch (scalar.value, self) {
        case (0x295, _) where self != .any: .lowercaseLetter
        case (0x111C9, .normalForms), (0x111C9, .categories), (0x166D, .categories): .otherPunctuation
        case (0x1CF2, .normalForms), (0x1CF3, .normalForms), (0xA9BD, .categories): .spacingMark
        case (0x1734, .categories), (0x1171E, .categories): .nonspacingMark
        case (0x1885, .categories), (0x1886, .categories): .otherLetter
        default: nil
        }
    }

    /// Whether the version has this character.
    func knows(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.age.map { ($0.major, $0.minor) <= newest } ?? false
    }
}

/// The general categories that patterns can name, as masks for `ClassifiedScalar.classes`.
enum CategoryClasses {
    /// A category's bit is its index here. The most frequent letters come first, for a quick lookup.
    static let order: [Unicode.GeneralCategory] = [
        .otherLetter, .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .modifierLetter,
        .nonspacingMark, .spacingMark, .enclosingMark,
        .decimalNumber, .letterNumber, .otherNumber,
        .otherPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
        .finalPunctuation, .connectorPunctuation,
        .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
        .spaceSeparator, .lineSeparator, .paragraphSeparator,
        .control, .format, .surrogate, .privateUse, .unassigned,
    ]

    /// The names of the categories in `order`.
    private static let names = [
        "Lo", "Ll", "Lu", "Lt", "Lm", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Po", "Pd", "Ps", "Pe", "Pi", "Pf", "Pc",
        "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
    ]

    /// The mask of a category such as `Lu`, or of a group of categories, such as `L`; nil for other names.
    static func mask(_ name: String) -> UInt32? {
        guard !name.isEmpty, name.utf8.count <= 2 else { return nil }
        let mask = names.enumerated().reduce(UInt32(0)) { mask, category in
            category.element.hasPrefix(name) ? mask | 1 << UInt32(category.offset) : mask
        }
        return mask == 0 ? nil : mask
    }
}
