import Chat
import JSON

/// Reads LM Studio's lists of models: `/api/v1/models`, `/api/v0/models` of version 0.3, and `/v1/models` of older ones.
struct LMStudioModels {
    struct Entry {
        var info: ModelInfo
        /// The identifier and the context length of each copy in memory.
        var loaded: [(id: String, contextLength: Int?)]
    }

    let entries: [Entry]

    /// The entry that a name means: a model's key, or the identifier of a loaded copy.
    func entry(_ name: String) -> Entry? {
        entries.first { $0.info.reference.name == name } ?? entries.first { $0.loaded.contains { $0.id == name } }
    }

    /// lmstudio.ai/docs/developer/rest/list
    init(v1 answer: JSONValue, service: String) throws(ServiceError) {
        entries = try ModelList.entries(answer, in: "models", service: service).compactMap { entry in
            guard entry["type"]?.string == "llm", let name = ModelList.name(entry["key"]) else { return nil }
            let copies = entry["loaded_instances"]?.array?.compactMap(\.object) ?? []
            let loaded = copies.compactMap { copy in
                ModelList.name(copy["id"]).map {
                    (id: $0, contextLength: copy["config"]?.object?["context_length"]?.count)
                }
            }
            var info = ModelList.info(name)
            info.architecture = entry["architecture"]?.string
            info.format = entry["quantization"]?.object?["name"]?.string ?? entry["format"]?.string
            info.parameters = entry["params_string"]?.string.flatMap(Self.parameters)
            info.fileBytes = entry["size_bytes"]?.count
            info.contextLength = entry["max_context_length"]?.count
            info.isLoaded = !loaded.isEmpty
            return Entry(info: info, loaded: loaded)
        }
    }

    /// lmstudio.ai/docs/developer/rest/endpoints
    init(v0 answer: JSONValue, service: String) throws(ServiceError) {
        entries = try ModelList.entries(answer, service: service).compactMap { entry in
            guard ["llm", "vlm"].contains(entry["type"]?.string ?? ""), let name = ModelList.name(entry["id"]) else {
                return nil
            }
            let isLoaded = entry["state"]?.string == "loaded"
            var info = ModelList.info(name)
            info.architecture = entry["arch"]?.string
            info.format = entry["quantization"]?.string
            info.contextLength = entry["max_context_length"]?.count
            info.isLoaded = isLoaded
            let length = entry["loaded_context_length"]?.count
            return Entry(info: info, loaded: isLoaded ? [(id: name, contextLength: length)] : [])
        }
    }

    /// The compatible list, which says nothing but names.
    init(names answer: JSONValue, service: String) throws(ServiceError) {
        entries = try ModelList.entries(answer, service: service).compactMap { entry in
            guard let name = ModelList.name(entry["id"]), !ModelList.names(name, anyOf: ["embedding", "embed"]) else {
                return nil
            }
            return Entry(info: ModelList.info(name), loaded: [])
        }
    }

    /// The number that "7B" or "270M" means; nil for other texts, such as "8x7B".
    private static func parameters(_ text: String) -> Int? {
        let units: [Character: Double] = ["K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Double(text.dropLast()), number > 0,
            number < 1e6
        else { return nil }
        return Int(number * unit)
    }
}
