/// A number in F16, rounded to nearest, ties to even. (Swift's `Float16` does not exist on every Mac.)
struct HalfFloat {
    let bits: UInt16

    init(_ value: Float) {
        let (pattern, sign) = (value.bitPattern & 0x7FFF_FFFF, UInt16(value.bitPattern >> 16 & 0x8000))
        let rounded: UInt32
        if pattern >= 0x7F80_0000 {
            // Infinity and NaN.
            rounded = pattern > 0x7F80_0000 ? 0x7E00 : 0x7C00
        } else if pattern < 0x3880_0000 {
            // Below 2⁻¹⁴, multiples of 2⁻²⁴. Adding ½ puts them into the lowest bits of the sum, rounded by the hardware.
            rounded = (Float(bitPattern: pattern) + 0.5).bitPattern - Float(0.5).bitPattern
        } else {
            // The exponent moves from bias 127 to 15. A carry out of the mantissa belongs into it; too large is infinity.
            rounded = min((pattern - 0x3800_0000 + 0xFFF + (pattern >> 13 & 1)) >> 13, 0x7C00)
        }
        bits = sign | UInt16(truncatingIfNeeded: rounded)
    }
}
