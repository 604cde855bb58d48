import Foundation
import JSON

/// Reads the fields of one JSON object, and notes what is not as it should be instead of giving up.
struct FieldReader {
    let fields: JSONObject
    /// The object's place in the file, such as "messages[3]."; empty at the top.
    let path: String
    private(set) var warnings: [SessionWarning] = []

    init(_ fields: JSONObject, path: String = "") {
        self.fields = fields
        self.path = path
    }

    /// The field's value as `read` takes it. A missing field and null are nil without a word.
    mutating func optional<Value>(_ name: String, _ kind: String, _ read: (JSONValue) -> Value?) -> Value? {
        guard let value = fields[name], !value.isNull else { return nil }
        if let result = read(value) { return result }
        warn(name, "is not \(kind); left out")
        return nil
    }

    /// The field's value, or the fallback with a warning where it is missing or wrong.
    mutating func required<Value>(
        _ name: String, _ kind: String, fallback: Value, _ read: (JSONValue) -> Value?
    ) -> Value {
        if let result = fields[name].flatMap(read) { return result }
        warn(name, fields[name] == nil ? "is missing" : "is not \(kind)")
        return fallback
    }

    mutating func text(_ name: String) -> String? { optional(name, "a text", \.string) }

    mutating func date(_ name: String, fallback: Date) -> Date {
        required(name, "a date such as 2026-01-31T12:00:00Z", fallback: fallback) { $0.string.flatMap(Timestamp.date) }
    }

    /// What `read` makes of the object in the field, with the warnings that come up there.
    mutating func object<Value>(_ name: String, _ read: (inout FieldReader) -> Value) -> Value? {
        guard let fields = optional(name, "an object", \.object) else { return nil }
        var inner = FieldReader(fields, path: "\(path)\(name).")
        let value = read(&inner)
        warnings += inner.warnings
        return value
    }

    /// What `read` makes of the objects in the field's list; other items are left out.
    mutating func objects<Value>(_ name: String, _ read: (inout FieldReader) -> Value) -> [Value] {
        var values: [Value] = []
        for (index, item) in (optional(name, "a list", \.array) ?? []).enumerated() {
            guard let fields = item.object else {
                warn("\(name)[\(index)]", "is not an object; left out")
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

/// Dates as ISO 8601 in UTC, to the second.
enum Timestamp {
    static func text(_ date: Date) -> String { date.formatted(.iso8601) }

    static func date(_ text: String) -> Date? {
        (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }
}
