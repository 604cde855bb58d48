/// A list, a tuple, or what Python gives as a view or an iterator. All hold their elements; the kind decides how the
/// sequence prints, compares and counts.
public struct JinjaSequence: Sendable {
    public enum Kind: Sendable, Equatable {
        case list
        case tuple
        /// `dict.items()`, `keys()`, `values()`: has a length, cannot be indexed.
        case view
        /// What `map`, `select` and their like give: no length, cannot be indexed, always true.
        case iterator
    }

    public let kind: Kind
    public let elements: [JinjaValue]
    /// How deep containers lie within each other here; 1 for a sequence of plain values.
    let depth: Int

    public init(_ elements: [JinjaValue], kind: Kind = .list) {
        self.kind = kind
        self.elements = elements
        depth = 1 + elements.reduce(0) { max($0, $1.depth) }
    }

    public var count: Int { elements.count }
    /// Whether elements can be reached by their position.
    var isIndexable: Bool { kind == .list || kind == .tuple }
}
