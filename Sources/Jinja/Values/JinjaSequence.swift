/// A list, a tuple, or what Python returns as a view or an iterator. All of them store their elements; the kind decides
/// how the sequence prints, compares and counts.
public struct JinjaSequence: Sendable {
    public enum Kind: Sendable, Equatable {
        case list
        case tuple
        /// `dict.items()`, `keys()`, `values()`: has a length, cannot be indexed.
        case view
        /// What `map`, `select` and the like return: no length, cannot be indexed, always true.
        case iterator
    }

    public let kind: Kind
    public let elements: [JinjaValue]
    /// The nesting depth of containers in it; 1 for a sequence of plain values.
    let depth: Int

    public init(_ elements: [JinjaValue], kind: Kind = .list) {
        self.kind = kind
        self.elements = elements
        depth = 1 + elements.reduce(0) { max($0, $1.depth) }
    }

    public var count: Int { elements.count }
    /// Whether elements can be accessed by position.
    var isIndexable: Bool { kind == .list || kind == .tuple }
}
