/// A dictionary that keeps insertion order, like Python's.
public struct JinjaDict: Sendable {
    public typealias Entry = (key: JinjaValue, value: JinjaValue)

    public private(set) var entries: [Entry] = []
    private var positions: [JinjaKey: Int] = [:]
    /// The nesting depth of containers in it; 1 for a dictionary of plain values.
    private(set) var depth = 1

    public init() {}

    /// Entries in the order of the literal.
    public init(_ entries: KeyValuePairs<String, JinjaValue>) {
        for (key, value) in entries { self[key] = value }
    }

    public var count: Int { entries.count }

    /// The value of a text key. Setting appends a new key, or replaces the value in place.
    public subscript(key: String) -> JinjaValue? {
        get { self[JinjaKey.string(Array(key.unicodeScalars))] }
        set {
            guard let newValue else { return }
            set(newValue, for: .string(key), at: .string(Array(key.unicodeScalars)))
        }
    }

    subscript(key: JinjaKey) -> JinjaValue? { positions[key].map { entries[$0].value } }

    /// Sets the value of `key`, whose hashable form is `hashed`.
    mutating func set(_ value: JinjaValue, for key: JinjaValue, at hashed: JinjaKey) {
        depth = max(depth, 1 + max(value.depth, key.depth))
        if let position = positions[hashed] {
            entries[position].value = value
        } else {
            positions[hashed] = entries.count
            entries.append((key, value))
        }
    }

    /// Sets the value of `key`.
    /// - Throws: ``JinjaError`` of kind `type` if the value is not hashable (a list or dictionary).
    mutating func set(_ value: JinjaValue, for key: JinjaValue) throws(JinjaError) {
        set(value, for: key, at: try JinjaKey(key))
    }
}

/// A value as a dictionary key. Numbers that are equal in Python (`1`, `1.0`, `true`) are one key; strings are compared
/// by scalars.
enum JinjaKey: Hashable, Sendable {
    case undefined
    case none
    case int(Int)
    case float(Double)
    case string([Unicode.Scalar])
    case tuple([JinjaKey])
    case object(JinjaObject)

    /// - Throws: ``JinjaError`` of kind `type` for a value that cannot be a key.
    init(_ value: JinjaValue) throws(JinjaError) {
        var budget = 1_000
        self = try JinjaKey.make(value, &budget)
    }

    /// Tuples that share their elements could describe a key of exponential size; the budget limits it.
    private static func make(_ value: JinjaValue, _ budget: inout Int) throws(JinjaError) -> JinjaKey {
        budget -= 1
        guard budget > 0 else { throw JinjaError(.limit, "a dictionary key is too large") }
        switch value {
        case .undefined: return .undefined
        case .none: return .none
        case .bool(let value): return .int(value ? 1 : 0)
        case .int(let value): return .int(value)
        case .float(let value): return Int(exactly: value).map(JinjaKey.int) ?? .float(value)
        case .string(let value): return .string(value.scalars)
        case .object(let object): return .object(object)
        case .sequence(let sequence) where sequence.kind == .tuple:
            var parts: [JinjaKey] = []
            for element in sequence.elements { parts.append(try make(element, &budget)) }
            return .tuple(parts)
        default: throw JinjaError(.type, "a \(value.typeName) cannot be a dictionary key")
        }
    }
}
