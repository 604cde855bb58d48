/// A random number generator with the same sequence in every run (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// The bytes with some of them replaced, and often without some at the end.
    public mutating func damaged(_ bytes: [UInt8], changes: ClosedRange<Int>, cut: Int) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: changes, using: &self) {
            bytes[Int.random(in: 0..<bytes.count, using: &self)] = UInt8.random(in: 0...255, using: &self)
        }
        if Bool.random(using: &self) { bytes.removeLast(Int.random(in: 0...cut, using: &self)) }
        return bytes
    }

    /// Text from all over Unicode, with many control characters, marks, joiners, wide characters and blanks.
    public mutating func text(length: Int) -> String {
        let pools: [ClosedRange<UInt32>] = [
            0...0x7F, 0x20...0x7E, 0x20...0x7E, 0x80...0x2FF, 0x300...0x36F, 0x590...0x6FF, 0x900...0x97F,
            0x2000...0x206F, 0x3000...0x30FF, 0xAC00...0xAC80, 0x1F1E6...0x1F1FF, 0x1F300...0x1F6FF, 0xFE00...0xFE0F,
            0x1F3FB...0x1F3FF, 0...0x10FFFF, 0x20...0x20, 0x200D...0x200D,
        ]
        var text = ""
        for _ in 0..<length {
            let pool = pools[Int.random(in: 0..<pools.count, using: &self)]
            if let scalar = Unicode.Scalar(UInt32.random(in: pool, using: &self)) { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
