import JSON

extension JinjaValue {
    /// Reads JSON. Objects keep the order of their keys, and strings are untrusted: this is how messages and tools are
    /// passed in. If a key occurs twice, the last value wins. Integers beyond 64 bits become floats.
    /// - Throws: ``JSONError``.
    public init(json text: String) throws(JSONError) { self.init(try JSONReader.read(text)) }

    /// Reads JSON in UTF-8.
    /// - Throws: ``JSONError``.
    public init(json bytes: [UInt8]) throws(JSONError) { self.init(try JSONReader.read(bytes)) }

    private init(_ json: JSONValue) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .number(let text): self = Int(text).map { .int($0) } ?? .float(Double(text) ?? .nan)
        case .string(let text): self = .string(text)
        case .array(let items): self = .list(items.map(JinjaValue.init))
        case .object(let fields):
            var dict = JinjaDict()
            for field in fields {
                let key = JinjaString(field.name, trusted: false)
                dict.set(JinjaValue(field.value), for: .string(key), at: .string(key.scalars))
            }
            self = .dict(dict)
        }
    }
}
