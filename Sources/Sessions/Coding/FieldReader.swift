import Chat
import Foundation
import JSON

/// Reads the fields of one JSON object. Fields that are not valid become warnings, and the rest is still read.
struct FieldReader {
    private let fields: JSONObject
    /// The object's place in the file, such as "messages[3]."; empty at the top.
    private let path: String
    private(set) var warnings: [SessionWarning] = []
    /// The names that were read, and therefore are known to this version.
    private var known: Set<String> = []
    /// Unknown fields in objects that were read.
    private var nested: JSONObject = [:]

    init(_ fields: JSONObject, path: String = "") {
        self.fields = fields
        self.path = path
    }

    /// The fields that this version does not know, including those in objects that were read; nil if there are none.
    var unknownFields: OpaqueFields? {
        let unknown = unknownObject
        return unknown.isEmpty ? nil : OpaqueFields(UnknownFields(object: unknown))
    }

    private var unknownObject: JSONObject {
        var unknown = nested
        for field in fields where !known.contains(field.name) { unknown[field.name] = field.value }
        return unknown
    }

    /// The field's value as it is.
    mutating func value(_ name: String) -> JSONValue? {
        known.insert(name)
        return fields[name]
    }

    /// The field's value, converted by `read`; nil without a warning if the field is missing or null.
    mutating func optional<Value>(_ name: String, _ kind: String, _ read: (JSONValue) -> Value?) -> Value? {
        guard let value = value(name), !value.isNull else { return nil }
        if let result = read(value) { return result }
        warn(name, "must be \(kind); ignored")
        return nil
    }

    /// The field's value, or the fallback with a warning if the field is missing or invalid.
    mutating func required<Value>(
        _ name: String, _ kind: String, fallback: Value, _ read: (JSONValue) -> Value?
    ) -> Value {
        let value = value(name)
        if let result = value.flatMap(read) { return result }
        warn(name, value == nil ? "is missing" : "must be \(kind)")
        return fallback
    }

    mutating func string(_ name: String) -> String? { optional(name, "a string", \.string) }

    /// A number of tokens, lines or characters; nil if it is missing. Numbers that no machine can reach are limited, so
    /// that sums of them do not overflow.
    mutating func optionalCount(_ name: String) -> Int? {
        optional(name, "a whole number", \.integer).map { $0.clamped(to: 0...Self.countLimit) }
    }

    /// Like `optionalCount`; 0 with a warning if it is missing.
    mutating func count(_ name: String) -> Int {
        required(name, "a whole number", fallback: 0, \.integer).clamped(to: 0...Self.countLimit)
    }

    /// A number of seconds, tokens per second or dollars, limited like counts; nil if it is missing.
    mutating func optionalAmount(_ name: String) -> Double? {
        optional(name, "a number", \.double).map { $0.clamped(to: 0...Double(Self.countLimit)) }
    }

    /// Like `optionalAmount`; 0 with a warning if it is missing.
    mutating func amount(_ name: String) -> Double {
        required(name, "a number", fallback: 0, \.double).clamped(to: 0...Double(Self.countLimit))
    }

    private static let countLimit = 1 << 40

    mutating func date(_ name: String, fallback: Date) -> Date {
        required(name, "a date such as 2026-01-31T12:00:00Z", fallback: fallback) { $0.string.flatMap(Timestamp.date) }
    }

    /// The object in a field, read by `read`, whose warnings are added.
    mutating func object<Value>(_ name: String, _ read: (inout FieldReader) -> Value) -> Value? {
        guard let fields = optional(name, "an object", \.object) else { return nil }
        var inner = FieldReader(fields, path: "\(path)\(name).")
        let value = read(&inner)
        warnings += inner.warnings
        let unknown = inner.unknownObject
        if !unknown.isEmpty { nested[name] = .object(unknown) }
        return value
    }

    /// The objects in a field's list, read by `read`; other items are left out with a warning.
    mutating func objects<Value>(_ name: String, _ read: (inout FieldReader) -> Value) -> [Value] {
        var values: [Value] = []
        for (index, item) in (optional(name, "a list", \.array) ?? []).enumerated() {
            guard let fields = item.object else {
                warn("\(name)[\(index)]", "must be an object; ignored")
                continue
            }
            var inner = FieldReader(fields, path: "\(path)\(name)[\(index)].")
            values.append(read(&inner))
            warnings += inner.warnings
        }
        return values
    }

    mutating func warn(_ name: String, _ problem: String) { warnings.append(SessionWarning(path + name, problem)) }
}

extension Comparable {
    fileprivate func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}

/// Dates as ISO 8601 in UTC, to the second.
enum Timestamp {
    static func text(_ date: Date) -> String { date.formatted(.iso8601) }

    static func date(_ text: String) -> Date? {
        (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }
}
