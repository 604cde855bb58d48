/// How many colours a terminal shows.
public enum ColorDepth: Int, Sendable, CaseIterable, Comparable {
    case none = 0
    case ansi8 = 8
    case ansi16 = 16
    case indexed256 = 256
    case trueColor = 16_777_216

    /// What a terminal can be asked for.
    ///
    /// - Parameters:
    ///   - colors: how many the terminal's description names.
    ///   - isDirect: whether it takes red, green and blue.
    ///   - environment: `NO_COLOR` (https://no-color.org), unless empty, asks for none of them.
    public init(colors: Int, isDirect: Bool, environment: [String: String]) {
        if Self.isRefused(in: environment) {
            self = .none
        } else if isDirect {
            self = .trueColor
        } else {
            self = Self.allCases.last { $0 < .trueColor && $0.rawValue <= colors } ?? .none
        }
    }

    /// Whether a terminal says that it takes red, green and blue, whatever its description knows of it. In GNU screen
    /// (`STY`) what is said is about the terminal around it, and screen does not let them through.
    public static func isTrueColorClaimed(in environment: [String: String]) -> Bool {
        ["truecolor", "24bit"].contains(environment["COLORTERM"]?.lowercased()) && environment["STY"] == nil
            && !isRefused(in: environment)
    }

    private static func isRefused(in environment: [String: String]) -> Bool {
        environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    }

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
        let wanted = PerceptualColor(red, green, blue)
        switch self {
        case .none: return .standard
        case .trueColor: return .rgb(red, green, blue)
        // The first 16 entries are left out: each terminal paints them differently.
        case .indexed256: return .index(Palette.nearest(to: wanted, among: Array(16..<256)))
        case .ansi16, .ansi8: return .index(Palette.nearest(to: wanted.spread, among: entries(for: wanted)))
        }
    }

    /// Text and ground of a style as this depth has them. Where the few colours of a palette would make the text hard
    /// to tell from its ground, it takes the nearest one that is not.
    public func colors(of style: Style) -> (foreground: TerminalColor, background: TerminalColor) {
        let foreground = nearest(style.foreground), background = nearest(style.background)
        guard self == .ansi8 || self == .ansi16, case .index(let text) = foreground,
            case .index(let ground) = background, Palette.contrast(text, ground) < Self.leastContrast,
            case .rgb(let red, let green, let blue) = style.foreground
        else { return (foreground, background) }
        func readable(_ entries: [Int]) -> [Int] {
            entries.filter { Palette.contrast(UInt8($0), ground) >= Self.leastContrast }
        }
        let plain = PerceptualColor(red, green, blue), wanted = plain.spread
        let alike = readable(entries(for: wanted))
        let candidates = alike.isEmpty ? readable(Array(0..<rawValue)) : alike
        let colored = candidates.filter { !Palette.perceptual[$0].isGrey }
        guard !wanted.isGrey, !colored.isEmpty else {
            return (.index(Palette.nearest(to: wanted, among: candidates)), background)
        }
        // It is lighter or darker in any case: a dark teal becomes cyan, though red is as dark.
        func distance(_ entry: Int) -> Double { Palette.perceptual[entry].hueDistance(to: wanted) }
        let hue = colored.min { distance($0) < distance($1) } ?? 0
        // A slate has less of a colour than the purple that would be nearest.
        let greys = candidates.filter { Palette.perceptual[$0].isGrey }
        let isGreyer = plain.chroma < 0.08 && distance(hue) > 0.25 && !greys.isEmpty
        return (.index(isGreyer ? Palette.nearest(to: wanted, among: greys) : UInt8(hue)), background)
    }

    /// Of text against its ground, where a palette has any choice.
    private static let leastContrast = 3.0

    /// A grey stays a grey, though a colour might be nearer in lightness.
    private func entries(for wanted: PerceptualColor) -> [Int] {
        wanted.isGrey ? (0..<rawValue).filter { Palette.perceptual[$0].isGrey } : Array(0..<rawValue)
    }
}

extension PerceptualColor {
    fileprivate var isGrey: Bool { chroma < 0.04 }

    /// Themes speak in soft colours and the first 16 of a palette are loud: that an accent stays red or blue matters
    /// more than how much of it there is.
    fileprivate var spread: PerceptualColor { isGrey ? self : saturated(by: 2) }
}

/// xterm's default palette: 16 named colours, a cube of 6×6×6, and 24 greys.
private enum Palette {
    static let entries: [(UInt8, UInt8, UInt8)] = {
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

    static let perceptual = entries.map { PerceptualColor($0.0, $0.1, $0.2) }

    static func nearest(to wanted: PerceptualColor, among candidates: [Int]) -> UInt8 {
        let best = candidates.min {
            perceptual[$0].squaredDistance(to: wanted) < perceptual[$1].squaredDistance(to: wanted)
        }
        return UInt8(best ?? 0)
    }

    static func contrast(_ left: UInt8, _ right: UInt8) -> Double {
        func color(_ index: UInt8) -> Color {
            let entry = entries[Int(index)]
            return .rgb(entry.0, entry.1, entry.2)
        }
        return color(left).contrast(to: color(right)) ?? 1
    }
}
