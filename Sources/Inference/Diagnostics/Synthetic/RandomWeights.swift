/// Random numbers with a roughly normal distribution and the spread of trained weights. Each depends only on its index,
/// so that threads can compute them in any order.
struct RandomWeights: Sendable {
    let seed: UInt64
    let mean: Float
    private static let deviation: Float = 0.02

    func fill(_ floats: UnsafeMutableBufferPointer<Float>, from first: Int) {
        // A sum of four uniform 16-bit numbers has a standard deviation of 65,536 / √3.
        let scale = Self.deviation * 1.732_050_8 / 65_536
        for index in floats.indices {
            let bits = Self.mixed(seed &+ UInt64(first + index))
            let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + bits >> 48
            floats[index] = mean + (Float(sum) - 131_070) * scale
        }
    }

    /// SplitMix64's output function (Steele, Lea and Flood 2014).
    private static func mixed(_ counter: UInt64) -> UInt64 {
        var z = counter &* 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
