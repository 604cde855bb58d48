/// Code points that share a cell (or a pair of cells): what a reader sees as one character.
public struct DisplayCluster: Hashable, Sendable {
    public var text: String
    /// 0 only for marks without a base character.
    public var width: Int

    public init(text: String, width: Int) {
        self.text = text
        self.width = width
    }

    /// The longest emoji in use has 35 bytes (a kissing couple with two skin tones). Marks beyond this limit are
    /// dropped; anything else beyond it starts a new cluster.
    static let byteLimit = 48
}

/// Splits text into clusters: a code point with its marks, an emoji with its skin tone and what joiners attach to it,
/// the two halves of a flag, a letter with a vowel sign that takes a column of its own (Unicode, UAX #29, as far as
/// terminals implement it: conjuncts are not joined).
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
        // A trailing joiner would reach into the next cell.
        while text.unicodeScalars.last == .joiner { text.unicodeScalars.removeLast() }
        return DisplayCluster(text: text, width: width)
    }

    /// The columns of a cluster that starts with `first` and takes `width` so far, with one more code point; nil if
    /// that code point starts a new cluster.
    private static func columns(
        of first: Unicode.Scalar, _ width: Int, joinedBy scalar: Unicode.Scalar, after last: Unicode.Scalar
    ) -> Int? {
        if DisplayWidth.of(scalar) == 0 {
            // U+FE0F requests emoji presentation: ❤️ takes two columns, ❤ one.
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

    /// Code points that joiners can connect. Digits are excluded; they count as emoji only because keycaps start with
    /// them.
    fileprivate var isPicture: Bool { value >= 0xA9 && properties.isEmoji }
}
