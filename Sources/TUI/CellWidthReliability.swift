/// Which cells all terminals draw with the same width.
///
/// Terminals differ in the columns they give to emoji with skin tones, joiners and variation selectors, to flags, to
/// scripts whose letters combine, and to characters newer than their tables. Such cells are positioned one by one and
/// what follows them is written again, so that a row is right in every terminal, however wide it draws them.
extension Cell {
    /// Whether every terminal gives the text the cell's columns.
    public var hasReliableWidth: Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, Self.hasReliableWidth(first) else { return false }
        return scalars.dropFirst().allSatisfy {
            $0.properties.generalCategory == .nonspacingMark && !$0.properties.isVariationSelector
        }
    }

    /// The maximum number of columns that a terminal may give the text: no code point takes more than two.
    var maxColumns: Int { 2 * text.unicodeScalars.count }

    private static func hasReliableWidth(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Latin; rules, borders and gauges; kana, ideographs and Korean syllables.
        case 0..<0x300, 0x2500...0x259F, 0x3041...0x3096, 0x4E00...0x9FFF, 0xAC00...0xD7A3: return true
        default: break
        }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .spacingMark, .format, .privateUse, .unassigned: return false
        default: break
        }
        // Unicode 12 is from 2019. Many installed terminals do not know anything newer.
        guard let age = properties.age, age.major <= 12 else { return false }
        return !properties.isEmojiModifier && !scalar.isRegionalIndicator
    }
}
