/// A set of Unicode scalars in a pattern: ranges, general categories, white space, or the complement of these.
struct ScalarSet: Sendable {
    /// Whether each ASCII scalar is in the set, as bits. Takes all properties below into account.
    private let asciiLow: UInt64
    private let asciiHigh: UInt64
    /// The `ClassifiedScalar.classes` in the set.
    private let classes: UInt32
    private let ranges: [ClosedRange<UInt32>]
    private let isNegated: Bool

    init(ranges: [ClosedRange<UInt32>], classes: UInt32, isNegated: Bool) {
        self.ranges = ranges
        self.classes = classes
        self.isNegated = isNegated
        func bits(_ first: UInt8) -> UInt64 {
            (0..<64).reduce(0) { bits, index in
                let scalar = ClassifiedScalar(Unicode.Scalar(first + UInt8(index)))
                let isMember = scalar.classes & classes != 0 || ranges.contains { $0.contains(scalar.value) }
                return isMember != isNegated ? bits | 1 << UInt64(index) : bits
            }
        }
        asciiLow = bits(0)
        asciiHigh = bits(64)
    }

    @inline(__always)
    func contains(_ scalar: ClassifiedScalar) -> Bool {
        let value = scalar.value
        if value < 64 { return asciiLow >> UInt64(value) & 1 != 0 }
        if value < 128 { return asciiHigh >> UInt64(value - 64) & 1 != 0 }
        if scalar.classes & classes != 0 { return !isNegated }
        return ranges.contains { $0.contains(value) } != isNegated
    }
}
