import Chat
import JSON

/// Reads lists of models, which may come from anyone.
enum ModelList {
    /// More entries than this are not read.
    private static let limit = 10_000
    /// The longest name, in bytes.
    private static let nameLimit = 512

    /// The entries of a list in a field, or of a bare list.
    static func entries(
        _ answer: JSONValue, in field: String = "data", service: String
    ) throws(ServiceError) -> [JSONObject] {
        guard let list = answer.array ?? answer.object?[field]?.array else {
            throw .malformed(service: service, detail: "no list of models")
        }
        return list.prefix(limit).compactMap(\.object)
    }

    /// A name that can be shown and sent; nil for others.
    static func name(_ value: JSONValue?) -> String? {
        guard let name = value?.string, !name.isEmpty, name.utf8.count <= nameLimit else { return nil }
        let isClean = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        return isClean ? name : nil
    }

    static func info(_ name: String) -> ModelInfo { ModelInfo(reference: ModelReference(provider: "", name: name)) }

    /// Whether a name contains one of these words, between separators.
    static func names(_ name: String, anyOf words: Set<String>) -> Bool {
        name.lowercased().split { !$0.isLetter && !$0.isNumber }.contains { words.contains(String($0)) }
    }
}
