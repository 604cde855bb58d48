import JSON

/// The fields of a `config.json`, of models that see or hear those of the part that writes.
struct CheckpointConfig: Sendable {
    /// The value of `model_type` that names the family.
    let modelType: String
    /// All fields, without nested ones for text.
    let fields: JSONObject
    private let path: String

    /// Where configurations of models with several parts keep that of the language model.
    private static let textFields = ["text_config", "llm_config", "language_config", "thinker_config"]

    init(_ fields: JSONObject, path: String) throws(CheckpointError) {
        self.path = path
        var merged = fields
        for name in Self.textFields {
            guard let text = merged[name]?.object else { continue }
            for field in text { merged[field.name] = field.value }
        }
        guard let type = merged["model_type"]?.string else {
            throw .value(path: path, field: "model_type", expected: "the name of a family")
        }
        (modelType, self.fields) = (type, merged)
    }

    subscript(name: String) -> JSONValue? {
        guard let value = fields[name], !value.isNull else { return nil }
        return value
    }

    func has(_ name: String) -> Bool { self[name] != nil }

    /// The first of several spellings that the file has.
    func spelling(_ names: [String]) -> String? { names.first(where: has) }

    func integer(_ name: String) -> Int? { self[name]?.integer }
    func number(_ name: String) -> Double? { self[name]?.double }
    func flag(_ name: String) -> Bool? { self[name]?.bool }
    func text(_ name: String) -> String? { self[name]?.string }
    func texts(_ name: String) -> [String]? { self[name]?.array.map { $0.compactMap(\.string) } }
    func object(_ name: String) -> JSONObject? { self[name]?.object }

    /// The value of a field in the form that the rest of the program reads.
    func value(_ name: String) -> ConfigValue? { self[name].map(ConfigValue.init) }

    func error(_ field: String, expected: String) -> CheckpointError {
        .value(path: path, field: field, expected: expected)
    }
}

extension ConfigValue {
    init(_ value: JSONValue) {
        switch value {
        case .bool(let flag): self = .flag(flag)
        case .string(let text): self = .text(text)
        case .number:
            if let integer = value.integer {
                self = .integer(integer)
            } else if let number = value.double {
                self = .number(number)
            } else {
                self = .other("number out of range")
            }
        case .array(let items):
            if items.allSatisfy({ $0.bool != nil }) {
                self = .flags(items.compactMap(\.bool))
            } else if items.allSatisfy({ $0.integer != nil }) {
                self = .integers(items.compactMap(\.integer))
            } else if items.allSatisfy({ $0.double != nil }) {
                self = .numbers(items.compactMap(\.double))
            } else {
                self = .other("array")
            }
        case .null: self = .other("null")
        case .object: self = .other("object")
        }
    }
}
