/// The properties that patterns can name, as in `\p{L}`, `\p{Han}` and `[:alpha:]`.
enum PatternProperties {
    typealias Property = (classes: UInt32, ranges: [ClosedRange<UInt32>])

    static let hexDigits: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x46, 0x61...0x66]

    /// A general category, a script, or one of the properties below, in any case and with spaces, hyphens and
    /// underscores anywhere; nil for any other name.
    static func find(_ name: String, ignoringCase: Bool) -> Property? {
        let plain = String(name.lowercased().filter { !" -_".contains($0) })
        if let category = category(plain) {
            let isCased = category & cased != 0 && category & ~cased == 0
            return (ignoringCase && isCased ? cased : category, [])
        }
        return others[plain] ?? UnicodeScripts.ranges(of: plain).map { (0, $0) }
    }

    private static let cased = mask("Lu", "Ll", "Lt")

    private static func category(_ name: String) -> UInt32? {
        let short = name.count <= 2 ? name : longNames[name] ?? ""
        return CategoryClasses.mask(short.prefix(1).uppercased() + short.dropFirst())
    }

    private static func mask(_ names: String...) -> UInt32 {
        names.reduce(0) { $0 | (CategoryClasses.mask($1) ?? 0) }
    }

    private static let alphabetic: Property = (ClassifiedScalar.alphabeticClass, [])
    private static let whitespace: Property = (ClassifiedScalar.whitespaceClass, [])
    private static let digits: Property = (mask("Nd"), [])
    private static let word: Property = (WordCharacters.classes, WordCharacters.oddities)
    private static let lettersAndDigits: Property = (ClassifiedScalar.alphabeticClass | mask("Nd"), [])
    private static let blank: Property = (mask("Zs"), [0x09...0x09])

    private static let others: [String: Property] = [
        "any": (0, [0...0x10_FFFF]), "ascii": (0, [0...0x7F]), "alpha": alphabetic, "alphabetic": alphabetic,
        "alnum": lettersAndDigits, "digit": digits, "space": whitespace, "whitespace": whitespace, "word": word,
        "xdigit": (0, hexDigits), "blank": blank, "cntrl": (mask("Cc"), []), "punct": (mask("P"), []),
        "posixalpha": alphabetic, "posixalnum": lettersAndDigits, "posixdigit": digits, "posixspace": whitespace,
        "posixword": (WordCharacters.classes, []), "posixxdigit": (0, hexDigits), "posixblank": blank,
        "posixcntrl": (mask("Cc"), []),
        "posixascii": (0, [0...0x7F]),
        // With symbols.
        "posixpunct": (mask("P", "S"), []),
    ]

    private static let longNames = [
        "other": "C", "control": "Cc", "format": "Cf", "unassigned": "Cn", "privateuse": "Co", "surrogate": "Cs",
        "letter": "L", "lowercaseletter": "Ll", "modifierletter": "Lm", "otherletter": "Lo", "titlecaseletter": "Lt",
        "uppercaseletter": "Lu", "mark": "M", "combiningmark": "M", "spacingmark": "Mc", "enclosingmark": "Me",
        "nonspacingmark": "Mn", "number": "N", "decimalnumber": "Nd", "letternumber": "Nl", "othernumber": "No",
        "punctuation": "P", "connectorpunctuation": "Pc", "dashpunctuation": "Pd", "closepunctuation": "Pe",
        "finalpunctuation": "Pf", "initialpunctuation": "Pi", "otherpunctuation": "Po", "openpunctuation": "Ps",
        "symbol": "S", "currencysymbol": "Sc", "modifiersymbol": "Sk", "mathsymbol": "Sm", "othersymbol": "So",
        "separator": "Z", "lineseparator": "Zl", "paragraphseparator": "Zp", "spaceseparator": "Zs",
    ]
}
