/// How many colours a terminal can show.
public enum ColorDepth: Int, Sendable, CaseIterable, Comparable {
    case none = 0
    case ansi8 = 8
    case ansi16 = 16
    case indexed256 = 256
    case trueColor = 16_777_216

    /// The depth to use on a terminal.
    ///
    /// - Parameters:
    ///   - colors: the number of colours in its terminfo entry.
    ///   - isDirect: whether it takes red, green and blue.
    ///   - environment: a non-empty `NO_COLOR` (https://no-color.org) turns colours off.
    public init(colors: Int, isDirect: Bool, environment: [String: String]) {
        if Self.isDisabled(in: environment) {
            self = .none
        } else if isDirect {
            self = .trueColor
        } else {
            self = Self.allCases.last { $0 < .trueColor && $0.rawValue <= colors } ?? .none
        }
    }

    /// Whether the environment claims true colour, whatever the terminfo entry says. In GNU screen (`STY`) the claim is
    /// about the outer terminal, and screen does not pass such colours through.
    public static func isTrueColorClaimed(in environment: [String: String]) -> Bool {
        ["truecolor", "24bit"].contains(environment["COLORTERM"]?.lowercased()) && environment["STY"] == nil
            && !isDisabled(in: environment)
    }

    private static func isDisabled(in environment: [String: String]) -> Bool {
        environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    }

    public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }

    /// A colour as sent to a terminal.
    public enum TerminalColor: Hashable, Sendable {
        /// The terminal's default foreground or background.
        case standard
        /// A palette entry, 0…255.
        case index(UInt8)
        case rgb(UInt8, UInt8, UInt8)
    }

    /// The nearest colour at this depth.
    public func nearest(_ color: Color) -> TerminalColor {
        guard case .rgb(let red, let green, let blue) = color else { return .standard }
        let target = PerceptualColor(red, green, blue)
        switch self {
        case .none: return .standard
        case .trueColor: return .rgb(red, green, blue)
        // The first 16 entries are left out, because their colours differ between terminals.
        case .indexed256: return .index(Palette.nearest(to: target, among: Array(16..<256)))
        case .ansi16, .ansi8: return .index(Palette.nearest(to: target.exaggerated, among: entries(for: target)))
        }
    }

    /// The foreground and background of a style at this depth. If a small palette would make the text hard to read, it
    /// gets the nearest readable colour.
    public func colors(of style: Style) -> (foreground: TerminalColor, background: TerminalColor) {
        let foreground = nearest(style.foreground), background = nearest(style.background)
        guard self == .ansi8 || self == .ansi16, case .index(let textIndex) = foreground,
            case .index(let backgroundIndex) = background,
            Palette.contrast(textIndex, backgroundIndex) < Self.minContrast,
            case .rgb(let red, let green, let blue) = style.foreground
        else { return (foreground, background) }
        func readable(_ entries: [Int]) -> [Int] {
            entries.filter { Palette.contrast(UInt8($0), backgroundIndex) >= Self.minContrast }
        }
        let plain = PerceptualColor(red, green, blue), target = plain.exaggerated
        let similar = readable(entries(for: target))
        let candidates = similar.isEmpty ? readable(Array(0..<rawValue)) : similar
        let colored = candidates.filter { !Palette.perceptual[$0].isGrey }
        guard !target.isGrey, !colored.isEmpty else {
            return (.index(Palette.nearest(to: target, among: candidates)), background)
        }
        // The lightness changes in any case, so keep the hue: a dark teal becomes cyan, although red is as dark.
        func distance(_ entry: Int) -> Double { Palette.perceptual[entry].hueDistance(to: target) }
        let hue = colored.min { distance($0) < distance($1) } ?? 0
        // A slate has less colour than the nearest hue, a purple, so it becomes grey.
        let greys = candidates.filter { Palette.perceptual[$0].isGrey }
        let isGreyer = plain.chroma < 0.08 && distance(hue) > 0.25 && !greys.isEmpty
        return (.index(isGreyer ? Palette.nearest(to: target, among: greys) : UInt8(hue)), background)
    }

    /// The minimum contrast between text and background, if the palette allows it.
    private static let minContrast = 3.0

    /// A grey stays grey, even if a colour is nearer in lightness.
    private func entries(for target: PerceptualColor) -> [Int] {
        target.isGrey ? (0..<rawValue).filter { Palette.perceptual[$0].isGrey } : Array(0..<rawValue)
    }
}

extension PerceptualColor {
    fileprivate var isGrey: Bool { chroma < 0.04 }

    /// Themes use soft colours, while the first 16 palette entries are strong: that an accent stays red or blue matters
    /// more than its saturation.
    fileprivate var exaggerated: PerceptualColor { isGrey ? self : saturated(by: 2) }
}

/// xterm's default palette: 16 named colours, a 6×6×6 cube, and 24 greys.
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

    static func nearest(to target: PerceptualColor, among candidates: [Int]) -> UInt8 {
        let best = candidates.min {
            perceptual[$0].squaredDistance(to: target) < perceptual[$1].squaredDistance(to: target)
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
