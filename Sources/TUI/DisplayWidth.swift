/// The number of columns that text takes.
///
/// A single code point takes what the C library's POSIX `wcwidth` says; characters of ambiguous width take one column.
/// A cluster takes what a reader sees: an emoji takes two, whatever it consists of. Cells are positioned correctly even
/// in terminals that disagree (see `Cell.hasReliableWidth`).
public enum DisplayWidth {
    /// The columns of a code point: 0 for marks and format characters, otherwise 1 or 2.
    public static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return value == 0xAD ? 0 : 1 }
        // Rules, borders and gauges: most of what is drawn besides text.
        if (0x2500...0x259F).contains(value) { return 1 }
        if WideScalars.contains(value) { return 2 }
        // Korean vowels and final consonants join the consonant before them.
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FB).contains(value) { return 0 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        case .format: return prependedMarks.contains(value) ? 1 : 0
        default: return 1
        }
    }

    /// The columns of text without control characters.
    public static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return DisplayClusters(text).reduce(0) { $0 + $1.width }
    }

    /// Visible format characters: signs below or before numbers.
    private static let prependedMarks: Set<UInt32> = [
        0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD,
    ]
}
