/// Emphasis in scripts without spaces between words.
///
/// CommonMark tells an opening `**` from a closing one by the white space and punctuation around it, so in
/// `彼は**「はい」**と言った` it finds neither: there are no spaces where English would have them. A placeholder that is neither
/// white space nor punctuation is inserted between the asterisks and the punctuation, and removed after parsing.
/// The condition is that of the "CJK-friendly emphasis" amendment (github.com/tats-u/markdown-cjk-friendly).
enum CJKEmphasis {
    /// U+FDD2, a noncharacter.
    static let placeholder: [UInt8] = [0xEF, 0xB7, 0x92]

    /// Whether a run of asterisks or tildes between two characters needs a placeholder before or after it.
    static func placeholders(between before: Unicode.Scalar?, and after: Unicode.Scalar?) -> (before: Bool, after: Bool)
    {
        guard let before, let after, isCJK(before) || isCJK(after) else { return (false, false) }
        let isPunctuation = (before: before.isPunctuation, after: after.isPunctuation)
        guard isPunctuation.before != isPunctuation.after, !before.properties.isWhitespace,
            !after.properties.isWhitespace
        else { return (false, false) }
        return isPunctuation
    }

    /// Whether it is Chinese, Japanese or Korean, including punctuation.
    static func isCJK(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x11FF, 0x2E80...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFE30...0xFE4F,
            0xFF00...0xFFEF, 0x1B000...0x1B16F, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

extension Unicode.Scalar {
    /// Categories P and S, as in CommonMark.
    fileprivate var isPunctuation: Bool {
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            true
        default: false
        }
    }
}
