/// A dictionary that keeps the order in which keys were added, as Python's does.
public struct JinjaDict: Sendable {
    public typealias Entry = (key: JinjaValue, value: JinjaValue)

    public private(set) var entries: [Entry] = []
    private var positions: [JinjaKey: Int] = [:]
    /// How deep containers lie within each other here; 1 for a dictionary of plain values.
    private(set) var depth = 1

    public init() {}

    public var count: Int { entries.count }

    /// The value under a text key. Setting adds at the end, or replaces in place.
    public subscript(key: String) -> JinjaValue? {
        get { self[JinjaKey.string(Array(key.unicodeScalars))] }
        set {
            guard let newValue else { return }
            set(newValue, for: .string(key), at: .string(Array(key.unicodeScalars)))
        }
    }

    subscript(key: JinjaKey) -> JinjaValue? { positions[key].map { entries[$0].value } }

    /// Sets the value under `key`, whose hashable form is `hashed`.
    mutating func set(_ value: JinjaValue, for key: JinjaValue, at hashed: JinjaKey) {
        depth = max(depth, 1 + max(value.depth, key.depth))
        if let position = positions[hashed] {
            entries[position].value = value
        } else {
            positions[hashed] = entries.count
            entries.append((key, value))
        }
    }

    /// Sets the value under `key`.
    /// - Throws: ``JinjaError`` of kind `type` when the key cannot be one (a list, a dictionary).
    mutating func set(_ value: JinjaValue, for key: JinjaValue) throws(JinjaError) {
        set(value, for: key, at: try JinjaKey(key))
    }
}

/// A value as a dictionary key: numbers that are equal in Python (`1`, `1.0`, `true`) are one key, and strings are
/// told apart by their scalars.
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
        var allowance = 1_000
        self = try JinjaKey.make(value, &allowance)
    }

    /// Tuples that share their elements could describe a key of exponential size; the allowance bounds it.
    private static func make(_ value: JinjaValue, _ allowance: inout Int) throws(JinjaError) -> JinjaKey {
        allowance -= 1
        guard allowance > 0 else { throw JinjaError(.limit, "a dictionary key is too large") }
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
            for element in sequence.elements { parts.append(try make(element, &allowance)) }
            return .tuple(parts)
        default: throw JinjaError(.type, "a \(value.typeName) cannot be a dictionary key")
        }
    }
}
