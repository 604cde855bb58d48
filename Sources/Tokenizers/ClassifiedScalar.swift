/// A Unicode scalar together with what patterns ask about it, looked up once: 21 bits of scalar, 5 of general
/// category, 1 for white space.
struct ClassifiedScalar {
    private let packed: UInt32

    init(_ scalar: Unicode.Scalar) {
        let value = scalar.value
        packed = value < 0x80 ? Self.ascii[Int(value)] : Self.pack(scalar)
    }

    var value: UInt32 { packed & 0x1F_FFFF }

    /// One bit for the general category, and bit 30 for white space: what a set's mask is held against.
    var classes: UInt32 { 1 << (packed >> 21 & 0x1F) | (packed >> 26) << 30 }

    static let whitespaceClass: UInt32 = 1 << 30

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

    /// Later characters count as unassigned, as they do in llama.cpp: the same text gives the same tokens whichever
    /// version of Unicode the standard library knows.
    private static let newestUnicode = (15, 1)
}

/// The names of general categories in patterns, as masks over `ClassifiedScalar.classes`.
enum CategoryClasses {
    /// The bit of a category is its index here; the ones of most letters come first, to be found soon.
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

    /// The mask of a category or group of categories, for example `L` or `Lu`; nil for a name not needed so far.
    static func mask(_ name: String) -> UInt32? {
        groups[name].map { $0.reduce(0) { mask, category in mask | 1 << UInt32(order.firstIndex(of: category) ?? 0) } }
    }

    private static let groups: [String: [Unicode.GeneralCategory]] = [
        "L": [.otherLetter, .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .modifierLetter],
        "M": [.nonspacingMark, .spacingMark, .enclosingMark],
        "N": [.decimalNumber, .letterNumber, .otherNumber],
        "P": [
            .otherPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .connectorPunctuation,
        ],
        "S": [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol],
    ]
}
