import Foundation

/// A colour of a theme: the terminal's default, or an RGB value.
public enum Color: Hashable, Sendable {
    case standard
    case rgb(UInt8, UInt8, UInt8)

    /// Parses "#rrggbb", "#rgb" or "default"; nil for anything else.
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

    /// The WCAG 2 contrast ratio, from 1 (equal colours) to 21 (black and white); nil if one of the colours is the
    /// terminal's default.
    public func contrast(to other: Color) -> Double? {
        guard let first = luminance, let second = other.luminance else { return nil }
        return (max(first, second) + 0.05) / (min(first, second) + 0.05)
    }

    /// The relative luminance, from 0 to 1.
    private var luminance: Double? {
        guard case .rgb(let red, let green, let blue) = self else { return nil }
        return 0.2126 * Self.linear(red) + 0.7152 * Self.linear(green) + 0.0722 * Self.linear(blue)
    }

    /// The linear value of an sRGB channel.
    static func linear(_ channel: UInt8) -> Double {
        let value = Double(channel) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
}
