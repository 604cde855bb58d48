/// Emphasis in scripts that are written without blanks.
///
/// CommonMark tells an opening `**` from a closing one by the blanks and the punctuation around it, and so finds neither in
/// `彼は**「はい」**と言った`: no blank stands where one would in English. Between the asterisks and such punctuation goes a
/// character that is neither, which is taken out again after parsing.
/// The condition is that of the "CJK-friendly emphasis" amendment (github.com/tats-u/markdown-cjk-friendly).
enum EmphasisJoint {
    /// U+FDD2, a noncharacter.
    static let bytes: [UInt8] = [0xEF, 0xB7, 0x92]

    /// Whether a joint belongs before or after a run of asterisks or tildes that stands between two characters.
    static func sides(between before: Unicode.Scalar?, and after: Unicode.Scalar?) -> (before: Bool, after: Bool) {
        guard let before, let after, isUnspaced(before) || isUnspaced(after) else { return (false, false) }
        let isPunctuation = (before: before.isPunctuation, after: after.isPunctuation)
        guard isPunctuation.before != isPunctuation.after, !before.properties.isWhitespace,
            !after.properties.isWhitespace
        else { return (false, false) }
        return isPunctuation
    }

    /// Of Chinese, Japanese or Korean, its punctuation too.
    static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x11FF, 0x2E80...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFE30...0xFE4F,
            0xFF00...0xFFEF, 0x1B000...0x1B16F, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

extension Unicode.Scalar {
    /// Categories P and S, as CommonMark counts them.
    fileprivate var isPunctuation: Bool {
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            true
        default: false
        }
    }
}
