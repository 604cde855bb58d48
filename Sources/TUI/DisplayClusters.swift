/// The code points that share one cell (or one pair of cells), as a terminal groups them.
public struct DisplayCluster: Hashable, Sendable {
    public var text: String
    /// 0 only for marks with nothing to stand on.
    public var width: Int

    /// tmux keeps at most this many bytes in a cell; what goes beyond starts a cell of its own, or, as a mark, is dropped.
    static let byteLimit = 21

    /// Whether all terminals agree on the cluster's width: one code point from the planes that have been stable for decades.
    public static func isCertain(_ text: String) -> Bool {
        var scalars = text.unicodeScalars.makeIterator()
        guard let first = scalars.next() else { return true }
        return first.value < 0x80 || (scalars.next() == nil && first.value < 0x2600)
            || (scalars.next() == nil && (0x3000..<0xD7A4).contains(first.value))
    }
}

/// Splits text into the clusters that a terminal shows: a code point with its marks, or several held by joiners.
public struct DisplayClusters: Sequence, IteratorProtocol {
    private var scalars: Substring.UnicodeScalarView

    public init(_ text: String) { scalars = text[...].unicodeScalars }

    public mutating func next() -> DisplayCluster? {
        guard let first = scalars.popFirst() else { return nil }
        var text = String(first)
        let width = DisplayWidth.of(first)
        guard let follower = scalars.first, first.value >= 0x80 || follower.value >= 0x300 else {
            return DisplayCluster(text: text, width: width)
        }
        var joined = first.value == Self.joiner
        while let scalar = scalars.first, joined || DisplayWidth.of(scalar) == 0 {
            if text.utf8.count + String(scalar).utf8.count > DisplayCluster.byteLimit {
                if DisplayWidth.of(scalar) > 0 { break }
            } else {
                text.unicodeScalars.append(scalar)
            }
            joined = scalar.value == Self.joiner
            scalars.removeFirst()
        }
        return DisplayCluster(text: text, width: width)
    }

    private static let joiner: UInt32 = 0x200D
}
