/// The types of metadata values; the raw value is the id in the file.
public enum GGUFValueType: UInt32, Sendable, CaseIterable {
    case uint8 = 0, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

    /// The minimum size of a value in the file.
    var leastBytes: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64, .string: 8
        case .array: 12
        }
    }
}

/// One metadata value.
public enum GGUFValue: Sendable {
    case uint8(UInt8), int8(Int8), uint16(UInt16), int16(Int16), uint32(UInt32), int32(Int32), float32(Float)
    case bool(Bool), string(String), array(GGUFArray), uint64(UInt64), int64(Int64), float64(Double)

    public var type: GGUFValueType {
        switch self {
        case .uint8: .uint8
        case .int8: .int8
        case .uint16: .uint16
        case .int16: .int16
        case .uint32: .uint32
        case .int32: .int32
        case .float32: .float32
        case .bool: .bool
        case .string: .string
        case .array: .array
        case .uint64: .uint64
        case .int64: .int64
        case .float64: .float64
        }
    }

    /// The value of any integer type; nil for other types and for numbers that do not fit in `Int`.
    public var int: Int? {
        switch self {
        case .uint8(let value): Int(value)
        case .int8(let value): Int(value)
        case .uint16(let value): Int(value)
        case .int16(let value): Int(value)
        case .uint32(let value): Int(value)
        case .int32(let value): Int(value)
        case .uint64(let value): Int(exactly: value)
        case .int64(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The value of any numeric type, or nil.
    public var float: Double? {
        switch self {
        case .float32(let value): Double(value)
        case .float64(let value): value
        default: int.map(Double.init)
        }
    }

    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    public var array: GGUFArray? {
        if case .array(let value) = self { value } else { nil }
    }
}

extension ByteCursor {
    /// Reads a value of a known type. `depth` is the number of enclosing arrays.
    mutating func value(_ type: GGUFValueType, _ field: String, depth: Int = 0) throws(GGUFError) -> GGUFValue {
        switch type {
        case .uint8: .uint8(try integer(UInt8.self, field))
        case .int8: .int8(try integer(Int8.self, field))
        case .uint16: .uint16(try integer(UInt16.self, field))
        case .int16: .int16(try integer(Int16.self, field))
        case .uint32: .uint32(try integer(UInt32.self, field))
        case .int32: .int32(try integer(Int32.self, field))
        case .float32: .float32(Float(bitPattern: try integer(UInt32.self, field)))
        case .bool: .bool(try bool(field))
        // Invalid UTF-8 is repaired: a model must not be rejected because of an accent in its author's name.
        case .string: .string(String(decoding: try stringBytes(field), as: UTF8.self))
        case .array: .array(try array(field, depth: depth + 1))
        case .uint64: .uint64(try integer(UInt64.self, field))
        case .int64: .int64(try integer(Int64.self, field))
        case .float64: .float64(Double(bitPattern: try integer(UInt64.self, field)))
        }
    }

    /// Reads a type id.
    mutating func valueType(_ field: String) throws(GGUFError) -> GGUFValueType {
        let start = position
        let id = try integer(UInt32.self, field)
        guard let type = GGUFValueType(rawValue: id) else {
            throw GGUFError(.unknownValueType(id), field: field, offset: start)
        }
        return type
    }
}
