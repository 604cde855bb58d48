/// Character classes used by Python's `str` methods and Jinja's lexer.
extension Unicode.Scalar {
    /// `str.isspace()`: Unicode white space, and four ASCII separators that only Python counts.
    var isPythonSpace: Bool {
        switch value {
        case 0x20, 0x09...0x0D, 0x1C...0x1F: true
        case 0...0x7F: false
        default: properties.isWhitespace
        }
    }

    /// What `str.splitlines()` splits at.
    var isLineBreak: Bool {
        switch value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    var isASCIIDigit: Bool { value >= 0x30 && value <= 0x39 }

    /// Its value as an ASCII digit in this radix, if it is one.
    func digitValue(radix: Int) -> Int? {
        let digit: Int
        switch value {
        case 0x30...0x39: digit = Int(value) - 0x30
        case 0x41...0x5A: digit = Int(value) - 0x41 + 10
        case 0x61...0x7A: digit = Int(value) - 0x61 + 10
        default: return nil
        }
        return digit < radix ? digit : nil
    }

    var isNameStart: Bool { self == "_" || (isASCII ? isASCIILetter : properties.isXIDStart) }
    var isNamePart: Bool { isNameStart || isASCIIDigit || (!isASCII && properties.isXIDContinue) }

    private var isASCIILetter: Bool { (0x41...0x5A).contains(value) || (0x61...0x7A).contains(value) }

    /// `str.isalpha()` of one character.
    var isPythonAlphabetic: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    var isUppercase: Bool { properties.isUppercase || properties.generalCategory == .titlecaseLetter }
    var isLowercase: Bool { properties.isLowercase }
    /// Whether it is an upper-case or lower-case letter.
    var isCased: Bool { isUppercase || isLowercase }

    /// `str.isprintable()` of one character: `repr` escapes all others.
    var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: self == " "
        default: true
        }
    }
}
