import Foundation

/// A colour in OKLab (Björn Ottosson, 2020), where equal distances look about equally different.
struct PerceptualColor: Sendable {
    /// From 0 (black) to 1 (white).
    var lightness: Double
    /// Green to red, and blue to yellow; both are 0 for greys.
    var a: Double
    var b: Double

    init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        let red = Color.linear(red), green = Color.linear(green), blue = Color.linear(blue)
        let long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        let medium = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        let short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
        a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
        b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    }

    /// The distance from grey.
    var chroma: Double { (a * a + b * b).squareRoot() }

    func squaredDistance(to other: PerceptualColor) -> Double {
        let light = lightness - other.lightness, first = a - other.a, second = b - other.b
        return light * light + first * first + second * second
    }

    /// The difference between two hues, from 0 (equal) to 2 (opposite).
    func hueDistance(to other: PerceptualColor) -> Double {
        let product = chroma * other.chroma
        return product > 0 ? 1 - (a * other.a + b * other.b) / product : 1
    }

    /// The same colour with its chroma multiplied.
    func saturated(by factor: Double) -> PerceptualColor {
        var color = self
        color.a *= factor
        color.b *= factor
        return color
    }
}
