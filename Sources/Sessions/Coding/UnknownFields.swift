import Chat
import JSON

/// The content of `OpaqueFields`: fields of a JSON object, which may be objects with unknown fields themselves.
struct UnknownFields: OpaqueFields.Content {
    var object: JSONObject
}

extension JSONObject {
    /// Adds fields that this version does not know. Fields that are there already take precedence.
    mutating func add(_ unknown: OpaqueFields?) {
        guard let unknown = unknown?.content(as: UnknownFields.self) else { return }
        merge(unknown.object)
    }

    private mutating func merge(_ other: JSONObject) {
        for field in other {
            switch (self[field.name], field.value) {
            case (nil, let value): self[field.name] = value
            case (.object(var own), .object(let inner)):
                own.merge(inner)
                self[field.name] = .object(own)
            default: break
            }
        }
    }
}
