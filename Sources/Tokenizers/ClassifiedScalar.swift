/// A Unicode scalar with the properties that patterns need, looked up once: 21 bits of scalar, 5 bits of general
/// category, 1 bit for white space.
struct ClassifiedScalar {
    private let packed: UInt32

    init(_ scalar: Unicode.Scalar) {
        let value = scalar.value
        packed = value < 0x80 ? Self.ascii[Int(value)] : Self.pack(scalar)
    }

    var value: UInt32 { packed & 0x1F_FFFF }

    /// One bit for the general category, and bit 30 for white space; tested against a set's mask.
    var classes: UInt32 { 1 << (packed >> 21 & 0x1F) | (packed >> 26) << 30 }

    static let whitespaceClass: UInt32 = 1 << 30

    var isNumber: Bool { classes & Self.numberClasses != 0 }
    private static let numberClasses = CategoryClasses.mask("N") ?? 0

    /// The length of the scalar in UTF-8.
    var byteCount: Int {
        switch value {
        case 0..<0x80: 1
        case 0x80..<0x800: 2
        case 0x800..<0x1_0000: 3
        default: 4
        }
    }

    private static let ascii: [UInt32] = (UInt8(0)..<0x80).map { pack(Unicode.Scalar($0)) }

    private static func pack(_ scalar: Unicode.Scalar) -> UInt32 {
        let properties = scalar.properties
        let isKnown = properties.age.map { ($0.major, $0.minor) <= newestUnicode } ?? false
        let category = isKnown ? properties.generalCategory : .unassigned
        let bit = UInt32(CategoryClasses.order.firstIndex(of: category) ?? 0)
        return scalar.value | bit << 21 | (properties.isWhitespace ? 1 << 26 : 0)
    }

    /// Later characters count as unassigned, as in llama.cpp, so that tokens do not depend on the standard library's
    /// Unicode version.
    private static let newestUnicode = (15, 1)
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

    /// The mask of a group of categories, such as `L`; nil for names that are not supported.
    static func mask(_ name: String) -> UInt32? {
        groups[name].map { $0.reduce(0) { mask, category in mask | 1 << UInt32(order.firstIndex(of: category) ?? 0) } }
    }

    private static let groups: [String: [Unicode.GeneralCategory]] = [
        "L": [.otherLetter, .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .modifierLetter],
        "Lu": [.uppercaseLetter], "Ll": [.lowercaseLetter], "Lt": [.titlecaseLetter], "Lm": [.modifierLetter],
        "Lo": [.otherLetter],
        "M": [.nonspacingMark, .spacingMark, .enclosingMark],
        "N": [.decimalNumber, .letterNumber, .otherNumber],
        "P": [
            .otherPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .connectorPunctuation,
        ],
        "S": [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol],
    ]
}
