/// How many columns text takes.
///
/// A code point alone takes what the C library says (POSIX `wcwidth`); characters of ambiguous width take one column. A
/// cluster takes what a reader sees: an emoji two, whatever it is made of. Where a terminal is of another mind, the cells
/// are put in their places all the same (see `Cell.isCertain`).
public enum DisplayWidth {
    /// Columns of one code point: 0 for marks and format characters, 1 or 2 for the others.
    public static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return value == 0xAD ? 0 : 1 }
        // Rules, borders and gauges: most of what is drawn beside text.
        if (0x2500...0x259F).contains(value) { return 1 }
        if WideScalars.contains(value) { return 2 }
        // Vowels and final consonants of Korean join the consonant before them.
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FB).contains(value) { return 0 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        case .format: return prependedMarks.contains(value) ? 1 : 0
        default: return 1
        }
    }

    /// Columns of a text without control characters.
    public static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return DisplayClusters(text).reduce(0) { $0 + $1.width }
    }

    /// Format characters that are seen: signs that stand under or before numbers.
    private static let prependedMarks: Set<UInt32> = [
        0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD,
    ]
}
