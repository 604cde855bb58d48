import JSON

/// The body of a request, without the fields that the model refused a moment ago.
struct RequestBody {
    private var fields: JSONObject = [:]
    private let refused: Set<String>

    init(without refused: Set<String>) { self.refused = refused }

    var json: JSONValue { .object(fields) }

    func isRefused(_ name: String) -> Bool { refused.contains(name) }

    /// Nil, and a field that was refused, is left out.
    mutating func set(_ name: String, _ value: JSONValue?) {
        guard let value, !refused.contains(name) else { return }
        fields[name] = value
    }
}
