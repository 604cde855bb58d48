import Foundation

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

    /// The contrast of two colours, from 1 (the same) to 21 (black and white), as WCAG 2 reckons it; nil where one of
    /// them is the terminal's own.
    public func contrast(to other: Color) -> Double? {
        guard let own = luminance, let others = other.luminance else { return nil }
        return (max(own, others) + 0.05) / (min(own, others) + 0.05)
    }

    /// How much light it gives, from 0 to 1.
    private var luminance: Double? {
        guard case .rgb(let red, let green, let blue) = self else { return nil }
        return 0.2126 * Self.linear(red) + 0.7152 * Self.linear(green) + 0.0722 * Self.linear(blue)
    }

    /// The light of one channel, without the curve that sRGB stores it with.
    static func linear(_ channel: UInt8) -> Double {
        let value = Double(channel) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
}
