/// The code points that share one cell (or one pair of cells), as a terminal groups them.
public struct DisplayCluster: Hashable, Sendable {
    public var text: String
    /// 0 only for marks with nothing to stand on.
    public var width: Int

    public init(text: String, width: Int) {
        self.text = text
        self.width = width
    }

    /// tmux keeps at most this many bytes in a cell; what goes beyond starts a cell of its own, or, as a mark, is
    /// dropped.
    static let byteLimit = 21
}

/// Splits text into the clusters that a terminal shows: a code point with its marks, or several held by joiners.
public struct DisplayClusters: Sequence, IteratorProtocol {
    private var scalars: Substring.UnicodeScalarView

    public init(_ text: String) { scalars = text[...].unicodeScalars }

    public mutating func next() -> DisplayCluster? {
        guard let first = scalars.popFirst() else { return nil }
        var width = DisplayWidth.of(first)
        guard let follower = scalars.first, first.value >= 0x80 || follower.value >= 0x300 else {
            return DisplayCluster(text: String(first), width: width)
        }
        var text = String(first)
        if first.isRegionalIndicator, follower.isRegionalIndicator {
            text.unicodeScalars.append(follower)
            width = 2
            scalars.removeFirst()
        }
        var isJoined = false
        while let scalar = scalars.first, isJoined || DisplayWidth.of(scalar) == 0 {
            if text.utf8.count + String(scalar).utf8.count <= DisplayCluster.byteLimit {
                text.unicodeScalars.append(scalar)
                isJoined = scalar == Self.joiner
            } else if DisplayWidth.of(scalar) == 0 {
                isJoined = false
            } else {
                break
            }
            scalars.removeFirst()
        }
        // A joiner at the end would reach into the next cell.
        while text.unicodeScalars.last == Self.joiner { text.unicodeScalars.removeLast() }
        return DisplayCluster(text: text, width: width)
    }

    private static let joiner: Unicode.Scalar = "\u{200D}"
}

extension Unicode.Scalar {
    /// Half of a flag.
    fileprivate var isRegionalIndicator: Bool { (0x1F1E6...0x1F1FF).contains(value) }
}
