/// A string as templates see it: a sequence of Unicode scalars, as in Python. Lengths, positions and slices count
/// scalars, and equality compares them one by one (composed and decomposed letters differ).
///
/// A string also records which of its scalars came from the context. Every operation preserves that, so that in the
/// rendered prompt the template's own text can still be told from what a user or a document contributed.
public struct JinjaString: Sendable, Hashable {
    /// The text, one element per scalar.
    public private(set) var scalars: [Unicode.Scalar]
    /// The ranges of untrusted scalars: sorted, non-empty, neither overlapping nor adjacent.
    private(set) var untrusted: [Range<Int>]
    /// Set by the filters `safe` and `escape`: text added to it with `+` is escaped for HTML.
    private(set) var isMarkup = false

    public init(_ text: String, trusted: Bool) {
        self.init(scalars: Array(text.unicodeScalars), trusted: trusted)
    }

    /// The empty string.
    init() {
        scalars = []
        untrusted = []
    }

    init(scalars: [Unicode.Scalar], trusted: Bool) {
        self.scalars = scalars
        untrusted = trusted || scalars.isEmpty ? [] : [0..<scalars.count]
    }

    public var count: Int { scalars.count }
    public var isEmpty: Bool { scalars.isEmpty }

    /// The text as a Swift string.
    public var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Strings are equal if their scalars are, whatever their origin.
    public static func == (left: JinjaString, right: JinjaString) -> Bool { left.scalars == right.scalars }

    public func hash(into hasher: inout Hasher) { hasher.combine(scalars) }

    /// Compares with a literal without creating an array.
    static func == (left: JinjaString, right: StaticString) -> Bool {
        left.scalars.elementsEqual(right.description.unicodeScalars)
    }

    /// Orders by scalar values, like Python.
    static func < (left: JinjaString, right: JinjaString) -> Bool {
        left.scalars.lexicographicallyPrecedes(right.scalars)
    }
}

// MARK: - Building

extension JinjaString {
    mutating func append(_ other: JinjaString) {
        let offset = scalars.count
        scalars += other.scalars
        for range in other.untrusted { markUntrusted(range.lowerBound + offset..<range.upperBound + offset) }
    }

    mutating func append(_ scalar: Unicode.Scalar, trusted: Bool) {
        scalars.append(scalar)
        if !trusted { markUntrusted(scalars.count - 1..<scalars.count) }
    }

    /// Appends a literal of the program, such as the brackets of a printed list.
    mutating func append(literal text: String) { scalars += text.unicodeScalars }

    public static func + (left: JinjaString, right: JinjaString) -> JinjaString {
        var sum = left
        sum.append(right)
        sum.isMarkup = false
        return sum
    }

    /// The same text, marked as HTML.
    var markup: JinjaString {
        var marked = self
        marked.isMarkup = true
        return marked
    }

    /// The text with HTML's special characters as entities, unless it is already HTML.
    var escaped: JinjaString {
        (isMarkup ? self : mapScalars { Self.entities[$0] ?? String($0) }).markup
    }

    private static let entities: [Unicode.Scalar: String] = [
        "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", "\"": "&#34;",
    ]

    /// Extends the last range if the new one is adjacent. Ranges are added in order.
    private mutating func markUntrusted(_ range: Range<Int>) {
        if let last = untrusted.last, last.upperBound == range.lowerBound {
            untrusted[untrusted.count - 1] = last.lowerBound..<range.upperBound
        } else {
            untrusted.append(range)
        }
    }
}

// MARK: - Origin

extension JinjaString {
    /// Whether all of it is trusted.
    public var isTrusted: Bool { untrusted.isEmpty }

    /// Whether the scalar at `position` is trusted.
    func isTrusted(at position: Int) -> Bool {
        guard let index = firstUntrusted(endingAfter: position) else { return true }
        return !untrusted[index].contains(position)
    }

    /// Splits the string into ranges of a single origin, in order, covering all of it.
    var origins: [(range: Range<Int>, trusted: Bool)] {
        var pieces: [(range: Range<Int>, trusted: Bool)] = []
        var position = 0
        for range in untrusted {
            if position < range.lowerBound { pieces.append((position..<range.lowerBound, true)) }
            pieces.append((range, false))
            position = range.upperBound
        }
        if position < count { pieces.append((position..<count, true)) }
        return pieces
    }

    /// The part in `range`, which must be within the string.
    func slice(_ range: Range<Int>) -> JinjaString {
        var part = JinjaString()
        part.scalars = Array(scalars[range])
        guard var index = firstUntrusted(endingAfter: range.lowerBound) else { return part }
        while index < untrusted.count, untrusted[index].lowerBound < range.upperBound {
            let common = untrusted[index].clamped(to: range)
            if !common.isEmpty {
                part.untrusted.append(common.lowerBound - range.lowerBound..<common.upperBound - range.lowerBound)
            }
            index += 1
        }
        return part
    }

    /// Binary search: strings joined from many messages have many ranges.
    private func firstUntrusted(endingAfter position: Int) -> Int? {
        var low = 0
        var high = untrusted.count
        while low < high {
            let middle = (low + high) / 2
            if untrusted[middle].upperBound <= position { low = middle + 1 } else { high = middle }
        }
        return low < untrusted.count ? low : nil
    }

    /// The scalars in reverse order, for searching from the right; their origin is lost.
    var reversed: JinjaString { JinjaString(scalars: scalars.reversed(), trusted: true) }

    /// Replaces every scalar by the result of `transform`, which inherits its origin.
    func mapScalars(_ transform: (Unicode.Scalar) -> String) -> JinjaString {
        var result = JinjaString()
        for (range, trusted) in origins {
            for scalar in scalars[range] {
                for mapped in transform(scalar).unicodeScalars { result.append(mapped, trusted: trusted) }
            }
        }
        return result
    }
}
