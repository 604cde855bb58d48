/// A colour as a theme names it: the terminal's own, or red, green and blue.
public enum Color: Hashable, Sendable {
    case standard
    case rgb(UInt8, UInt8, UInt8)

    /// Reads "#rrggbb", "#rgb" or "default"; nil for anything else.
    public init?(_ text: String) {
        if text == "default" {
            self = .standard
            return
        }
        guard text.first == "#" else { return nil }
        let digits = text.dropFirst().compactMap(\.hexDigitValue)
        guard digits.count == text.count - 1 else { return nil }
        switch digits.count {
        case 3: self = .rgb(UInt8(digits[0] * 17), UInt8(digits[1] * 17), UInt8(digits[2] * 17))
        case 6:
            self = .rgb(
                UInt8(digits[0] * 16 + digits[1]), UInt8(digits[2] * 16 + digits[3]), UInt8(digits[4] * 16 + digits[5]))
        default: return nil
        }
    }
}

/// How many colours a terminal shows.
public enum ColorDepth: Int, Sendable, CaseIterable, Comparable {
    case none = 0
    case ansi8 = 8
    case ansi16 = 16
    case indexed256 = 256
    case trueColor = 16_777_216

    public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }

    /// What a terminal of this depth is asked for.
    public enum TerminalColor: Hashable, Sendable {
        /// The terminal's own foreground or background.
        case standard
        /// A palette entry, 0…255.
        case index(UInt8)
        case rgb(UInt8, UInt8, UInt8)
    }

    /// The nearest colour that this depth has.
    public func nearest(_ color: Color) -> TerminalColor {
        guard case .rgb(let red, let green, let blue) = color else { return .standard }
        switch self {
        case .none: return .standard
        case .trueColor: return .rgb(red, green, blue)
        case .indexed256: return .index(Self.indexed(red, green, blue))
        case .ansi16: return .index(Self.closest((red, green, blue), among: 0..<16))
        case .ansi8: return .index(Self.closest((red, green, blue), among: 0..<8))
        }
    }

    /// xterm's 6×6×6 cube and 24 greys. The first 16 entries are left out: each terminal paints them differently.
    private static func indexed(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
        closest((red, green, blue), among: 16..<256)
    }

    private static func closest(_ wanted: (UInt8, UInt8, UInt8), among entries: Range<Int>) -> UInt8 {
        let best = entries.min { distance(palette[$0], wanted) < distance(palette[$1], wanted) }
        return UInt8(best ?? 0)
    }

    /// Squared distance, weighted roughly as the eye weighs the three colours ("redmean" approximation).
    private static func distance(_ a: (UInt8, UInt8, UInt8), _ b: (UInt8, UInt8, UInt8)) -> Int {
        let meanRed = (Int(a.0) + Int(b.0)) / 2
        let red = Int(a.0) - Int(b.0), green = Int(a.1) - Int(b.1), blue = Int(a.2) - Int(b.2)
        return (512 + meanRed) * red * red / 256 + 4 * green * green + (767 - meanRed) * blue * blue / 256
    }

    /// xterm's default palette.
    private static let palette: [(UInt8, UInt8, UInt8)] = {
        var entries: [(UInt8, UInt8, UInt8)] = [
            (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
            (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255),
            (0, 255, 255), (255, 255, 255),
        ]
        let steps: [UInt8] = [0, 95, 135, 175, 215, 255]
        for red in steps { for green in steps { for blue in steps { entries.append((red, green, blue)) } } }
        for grey in 0..<24 { entries.append((UInt8(8 + grey * 10), UInt8(8 + grey * 10), UInt8(8 + grey * 10))) }
        return entries
    }()
}
