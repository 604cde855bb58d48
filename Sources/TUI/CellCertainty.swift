/// On which cells terminals agree.
///
/// Terminals differ in the columns they give to emoji with tones, joiners and variation selectors, to flags, to scripts
/// whose letters combine, and to what is newer than their tables. Such cells are put in their places one by one, and
/// what stands behind them is written again, so that a row is right in every terminal whatever it makes of them.
extension Cell {
    /// Whether every terminal gives the text the cell's columns.
    public var isCertain: Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, Self.isCertain(first) else { return false }
        return scalars.dropFirst().allSatisfy {
            $0.properties.generalCategory == .nonspacingMark && !$0.properties.isVariationSelector
        }
    }

    /// The most columns that a terminal may take for the text: no code point takes more than two.
    var mostColumns: Int { 2 * text.unicodeScalars.count }

    private static func isCertain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Latin; rules, borders and gauges; kana, ideographs and syllables of Korean.
        case 0..<0x300, 0x2500...0x259F, 0x3041...0x3096, 0x4E00...0x9FFF, 0xAC00...0xD7A3: return true
        default: break
        }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .spacingMark, .format, .privateUse, .unassigned: return false
        default: break
        }
        // Unicode 12 is of 2019: what is younger, many an installed terminal has not heard of.
        guard let age = properties.age, age.major <= 12 else { return false }
        return !properties.isEmojiModifier && !scalar.isRegionalIndicator
    }
}
