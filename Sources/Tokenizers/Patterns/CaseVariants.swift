/// The characters that differ only in case: `s`, `S` and `ſ`. One character for one; `ß` and `ss` stay different.
enum CaseVariants {
    /// The other cases of the characters in some ranges.
    static func of(_ ranges: [ClosedRange<UInt32>]) -> [UInt32] {
        // Most patterns ignore the case of a few letters of ASCII, for which the table need not be made.
        if ranges.allSatisfy({ $0.upperBound < 0x80 }) {
            return ranges.flatMap { range in range.flatMap(ofASCII) }
        }
        var folded = Set<UInt32>()
        for (scalar, fold) in folds where ranges.contains(where: { $0.contains(scalar) }) { folded.insert(fold) }
        return folds.filter { folded.contains($0.fold) }.map(\.scalar)
    }

    private static func ofASCII(_ scalar: UInt32) -> [UInt32] {
        guard (0x41...0x5A).contains(scalar & ~0x20) else { return [] }
        switch scalar | 0x20 {
        case 0x73: return [scalar ^ 0x20, 0x17F]
        // The sign for kelvin.
        case 0x6B: return [scalar ^ 0x20, 0x212A]
        default: return [scalar ^ 0x20]
        }
    }

    /// Every character that has cases, with one that is the same for all of them.
    private static let folds: [(scalar: UInt32, fold: UInt32)] = (UInt32(0)...0x1_E943).compactMap { value in
        guard let scalar = Unicode.Scalar(value), scalar.properties.isCased, UnicodeAge.patterns.knows(scalar) else {
            return nil
        }
        return (value, lowered(raised(scalar)).value)
    }

    private static func raised(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        single(scalar.properties.uppercaseMapping) ?? scalar
    }

    private static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        single(scalar.properties.lowercaseMapping) ?? scalar
    }

    private static func single(_ mapping: String) -> Unicode.Scalar? {
        mapping.unicodeScalars.count == 1 ? mapping.unicodeScalars.first : nil
    }
}
