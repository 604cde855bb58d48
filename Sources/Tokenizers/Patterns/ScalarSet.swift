/// A set of Unicode scalars in a pattern: ranges, general categories, white space, other sets, or the complement of
/// these.
struct ScalarSet: Sendable {
    /// Whether each ASCII scalar is in the set, as bits. Takes all properties below into account.
    private var asciiLow: UInt64 = 0
    private var asciiHigh: UInt64 = 0
    /// The `ClassifiedScalar.classes` in the set.
    private let classes: UInt32
    /// In order, without overlaps.
    private let ranges: [ClosedRange<UInt32>]
    private let isNegated: Bool
    /// More sets whose members are in this one, and sets in which all members must also be.
    private let parts: [ScalarSet]
    private let required: [ScalarSet]

    init(
        ranges: [ClosedRange<UInt32>] = [], classes: UInt32 = 0, isNegated: Bool = false, parts: [ScalarSet] = [],
        required: [ScalarSet] = []
    ) {
        self.ranges = Self.merged(ranges)
        self.classes = classes
        self.isNegated = isNegated
        self.parts = parts
        self.required = required
        for index in UInt8(0)..<64 {
            if isMember(ClassifiedScalar(Unicode.Scalar(index))) { asciiLow |= 1 << UInt64(index) }
            if isMember(ClassifiedScalar(Unicode.Scalar(index + 64))) { asciiHigh |= 1 << UInt64(index) }
        }
    }

    @inline(__always)
    func contains(_ scalar: ClassifiedScalar) -> Bool {
        let value = scalar.value
        if value < 64 { return asciiLow >> UInt64(value) & 1 != 0 }
        if value < 128 { return asciiHigh >> UInt64(value - 64) & 1 != 0 }
        return isMember(scalar)
    }

    private func isMember(_ scalar: ClassifiedScalar) -> Bool {
        let isFound =
            scalar.classes & classes != 0 || isInRanges(scalar.value) || parts.contains { $0.isMember(scalar) }
        return (isFound && required.allSatisfy { $0.isMember(scalar) }) != isNegated
    }

    private func isInRanges(_ value: UInt32) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= value
    }

    private static func merged(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        guard ranges.count > 1 else { return ranges }
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}
