/// The code points that share one cell (or one pair of cells), as a reader sees them: one character.
public struct DisplayCluster: Hashable, Sendable {
    public var text: String
    /// 0 only for marks with nothing to stand on.
    public var width: Int

    public init(text: String, width: Int) {
        self.text = text
        self.width = width
    }

    /// The longest emoji in use has 35 bytes (a couple kissing, with two tones of skin). Marks beyond this are dropped;
    /// what else is too much starts a cluster of its own.
    static let byteLimit = 48
}

/// Splits text into clusters: a code point with its marks, an emoji with its tone and with what joiners hold to it, the
/// two halves of a flag, a letter with the vowel sign that takes a column beside it (Unicode, UAX #29, as far as
/// terminals follow: conjuncts stay apart).
public struct DisplayClusters: Sequence, IteratorProtocol {
    private var scalars: Substring.UnicodeScalarView

    public init(_ text: String) { scalars = text[...].unicodeScalars }

    public mutating func next() -> DisplayCluster? {
        guard let first = scalars.popFirst() else { return nil }
        var width = first.isRegionalIndicator ? 2 : DisplayWidth.of(first)
        guard let follower = scalars.first, first.value >= 0x80 || follower.value >= 0x300 else {
            return DisplayCluster(text: String(first), width: width)
        }
        var text = String(first)
        var last = first
        if first.isRegionalIndicator, follower.isRegionalIndicator {
            text.unicodeScalars.append(follower)
            last = follower
            scalars.removeFirst()
        }
        while let scalar = scalars.first, let columns = Self.columns(of: first, width, joinedBy: scalar, after: last) {
            if text.utf8.count + String(scalar).utf8.count <= DisplayCluster.byteLimit {
                text.unicodeScalars.append(scalar)
                (width, last) = (columns, scalar)
            } else if DisplayWidth.of(scalar) > 0 {
                break
            }
            scalars.removeFirst()
        }
        // A joiner at the end would reach into the next cell.
        while text.unicodeScalars.last == .joiner { text.unicodeScalars.removeLast() }
        return DisplayCluster(text: text, width: width)
    }

    /// The columns of a cluster that begins with `first` and takes `width` so far, with one more code point; nil where
    /// that begins the next cluster.
    private static func columns(
        of first: Unicode.Scalar, _ width: Int, joinedBy scalar: Unicode.Scalar, after last: Unicode.Scalar
    ) -> Int? {
        if DisplayWidth.of(scalar) == 0 {
            // U+FE0F asks for the picture: ❤️ takes two columns, ❤ one.
            return scalar == "\u{FE0F}" && last == first && first.properties.isEmoji ? 2 : width
        }
        if last == .joiner { return first.isPicture && scalar.isPicture ? 2 : nil }
        if scalar.properties.isEmojiModifier { return last.properties.isEmojiModifierBase ? 2 : nil }
        let isVowelSign = first.value >= 0x300 && width == 1 && scalar.properties.generalCategory == .spacingMark
        return isVowelSign ? 2 : nil
    }
}

extension Unicode.Scalar {
    static let joiner: Unicode.Scalar = "\u{200D}"

    /// Half of a flag.
    var isRegionalIndicator: Bool { (0x1F1E6...0x1F1FF).contains(value) }

    /// What joiners hold together; digits count as emoji too, since keycaps begin with them.
    fileprivate var isPicture: Bool { value >= 0xA9 && properties.isEmoji }
}
