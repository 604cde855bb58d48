/// A JSON value. Numbers keep their text, so that a field this version does not understand is unchanged after reading
/// and writing.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The number as written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

    /// JSON has no infinities; they are written as strings.
    public static func real(_ value: some BinaryFloatingPoint & CustomStringConvertible) -> JSONValue {
        guard value.isFinite else { return .string(value.description) }
        let text = value.description
        return .number(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    public static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

    public var object: JSONObject? { if case .object(let fields) = self { fields } else { nil } }
    public var array: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var isNull: Bool { self == .null }

    public var integer: Int? { if case .number(let text) = self { Int(text) } else { nil } }
    public var unsigned: UInt64? { if case .number(let text) = self { UInt64(text) } else { nil } }

    /// A finite number, or an infinity as written by `real`.
    public var float: Float? {
        switch self {
        case .number(let text): Float(text).flatMap { $0.isFinite ? $0 : nil }
        case .string("inf"): .infinity
        case .string("-inf"): -.infinity
        default: nil
        }
    }

    public var double: Double? {
        if case .number(let text) = self { Double(text).flatMap { $0.isFinite ? $0 : nil } } else { nil }
    }
}
