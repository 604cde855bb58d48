/// Makes any text safe to display by replacing control characters with visible symbols.
///
/// The result cannot move the cursor, change the terminal's state or reorder the text around it. Callers split text
/// into lines first; a remaining line feed is shown as ␊.
public enum Sanitizer {
    /// Tabs advance to a multiple of this column.
    public static let tabWidth = 4

    /// `text` as it can be displayed, on one line.
    public static func visible(_ text: String) -> String {
        if isVisible(text) { return text }
        var result = ""
        result.reserveCapacity(text.utf8.count)
        var column = 0
        var needsBase = true
        for scalar in text.unicodeScalars {
            if scalar == "\t" {
                let blanks = tabWidth - column % tabWidth
                result += String(repeating: " ", count: blanks)
                column += blanks
                needsBase = true
                continue
            }
            if let symbol = symbol(for: scalar) {
                result += symbol
                column += symbol.unicodeScalars.count
                needsBase = !symbol.isEmpty || needsBase
                continue
            }
            let width = DisplayWidth.of(scalar)
            // A mark without a base would combine with the neighbouring cell; on a blank, a joiner would pull the next
            // letter into it.
            if width == 0, needsBase {
                guard scalar.properties.generalCategory != .format else { continue }
                result += "◌"
                column += 1
            }
            result.unicodeScalars.append(scalar)
            column += width
            needsBase = scalar == " "
        }
        return result
    }

    /// Whether nothing needs to be replaced, as in most text.
    private static func isVisible(_ text: String) -> Bool {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return true }
        var needsBase = true
        return text.unicodeScalars.allSatisfy { scalar in
            if !(0x20..<0x7F).contains(scalar.value) {
                if symbol(for: scalar) != nil || needsBase && DisplayWidth.of(scalar) == 0 { return false }
            }
            needsBase = scalar == " "
            return true
        }
    }

    /// The replacement for a code point that must not be displayed: nil if it may be displayed, empty if it is
    /// invisible.
    static func symbol(for scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x20..<0x7F: return nil
        case 0..<0x20: return String(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
        case 0x7F: return "␡"
        // A C1 control is equivalent to ESC and a letter.
        case 0x80..<0xA0: return "␛" + String(Unicode.Scalar(UInt8(scalar.value - 0x40)))
        case 0xAD, 0x200B, 0x2060, 0xFEFF: return ""
        case 0x2028, 0x2029: return "␊"
        case 0xFFFC: return "\u{FFFD}"
        // Rules, borders and gauges: most of what is drawn besides text.
        case 0x2500...0x259F: return nil
        default: break
        }
        if let name = bidirectional[scalar.value] { return "⟦\(name)⟧" }
        switch scalar.properties.generalCategory {
        case .unassigned, .surrogate, .control, .lineSeparator, .paragraphSeparator: return "\u{FFFD}"
        case .format: return keptFormats.contains(scalar.value) || DisplayWidth.of(scalar) == 1 ? nil : "\u{FFFD}"
        default: return nil
        }
    }

    /// Controls that reorder the text around them.
    private static let bidirectional: [UInt32: String] = [
        0x061C: "ALM", 0x200E: "LRM", 0x200F: "RLM", 0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO",
        0x202E: "RLO", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI",
    ]

    /// Joiners shape emoji and scripts; tags spell regional flags.
    private static let keptFormats: Set<UInt32> = Set([0x200C, 0x200D] + Array(0xE0020...0xE007F))
}
