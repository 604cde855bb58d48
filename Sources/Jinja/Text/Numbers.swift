import Foundation

/// Numbers as Python prints and rounds them.
enum Numbers {
    /// `repr(float)`: the shortest digits that read back as the same number, with an exponent below 1e-4 and from 1e16
    /// on.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        // Swift produces the same digits; only the point where the exponent starts differs.
        guard value.magnitude >= 1e16, value.magnitude < 1e19 else { return value.description }
        let plain = value.description
        guard !plain.contains("e") else { return plain }
        let isNegative = plain.hasPrefix("-")
        let digits = plain.drop { $0 == "-" }.prefix { $0 != "." }
        var significant = Substring(digits)
        while significant.count > 1, significant.last == "0" { significant.removeLast() }
        let fraction = significant.dropFirst()
        let mantissa = significant.prefix(1) + (fraction.isEmpty ? "" : "." + fraction)
        return "\(isNegative ? "-" : "")\(mantissa)e+\(digits.count - 1)"
    }

    /// `value` in the C notation `style` (`f`, `e`, `g`) with `precision` digits.
    static func text(_ value: Double, style: Character, precision: Int, alternate: Bool = false) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        return String(format: "%\(alternate ? "#" : "").\(precision)\(style)", value)
    }

    /// `round(value, digits)`: to the nearest, with ties of the exact binary value to even.
    static func rounded(_ value: Double, digits: Int) -> Double {
        guard value.isFinite, digits <= 300 else { return value }
        if digits >= 0 { return Double(text(value, style: "f", precision: digits)) ?? value }
        let scale = Foundation.pow(10, Double(-digits))
        return (value / scale).rounded(.toNearestOrEven) * scale
    }

    static func power(_ base: Double, _ exponent: Double) -> Double { Foundation.pow(base, exponent) }
}
