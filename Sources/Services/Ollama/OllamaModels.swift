import Chat
import JSON

/// Reads what Ollama says about models: `/api/tags`, `/api/ps` and `/api/show`.
enum OllamaModels {
    /// The chat models of a server.
    ///
    /// - Parameter running: the answer of `/api/ps`; nil if it is not known which models are loaded.
    static func list(
        _ tags: JSONValue, running: JSONValue?, service: String
    ) throws(ServiceError) -> [ModelInfo] {
        try ModelList.entries(tags, in: "models", service: service).compactMap { fields in
            guard let name = ModelList.name(fields["model"] ?? fields["name"]), isChatModel(fields) else { return nil }
            var info = ModelList.info(name)
            let details = fields["details"]?.object
            let isRemote = isRemote(name) || fields["remote_model"]?.string != nil
            info.architecture = text(details?["family"])
            info.format = text(details?["quantization_level"])
            info.parameters = details?["parameter_size"]?.string.flatMap(parameters)
            info.fileBytes = isRemote ? nil : fields["size"]?.count
            let loaded = self.running(name, in: running)
            info.contextLength = loaded?.contextLength ?? details?["context_length"]?.count
            info.isLoaded = running == nil || isRemote ? nil : loaded != nil
            return info
        }
    }

    /// A model that runs at ollama.com; its file is a stub.
    static func isRemote(_ name: String) -> Bool { name.hasSuffix(":cloud") || name.hasSuffix("-cloud") }

    /// A loaded model. Servers before 0.7 do not say its context length.
    static func running(_ name: String, in answer: JSONValue?) -> (name: String, contextLength: Int?)? {
        let models = answer?.object?["models"]?.array ?? []
        for fields in models.lazy.compactMap(\.object) {
            for found in [fields["model"]?.string, fields["name"]?.string] {
                guard let found, tagged(found) == tagged(name) else { continue }
                return (found, fields["context_length"]?.count.flatMap { $0 > 0 ? $0 : nil })
            }
        }
        return nil
    }

    /// The context that a model was trained for: `model_info` has it as "qwen3.context_length".
    static func longestContext(_ facts: JSONValue) -> Int? {
        let fields = facts.object?["model_info"]?.object ?? [:]
        return fields.lazy.filter { $0.name.hasSuffix(".context_length") }.compactMap { $0.value.count }.first {
            $0 > 0
        }
    }

    /// The context that a model's maker set: a line "num_ctx 8192" in `parameters`.
    static func ownContext(_ facts: JSONValue) -> Int? {
        let lines = facts.object?["parameters"]?.string?.split(separator: "\n") ?? []
        for line in lines {
            let words = line.split { $0 == " " || $0 == "\t" }
            if words.count == 2, words[0] == "num_ctx", let length = Int(words[1]), length > 0 { return length }
        }
        return nil
    }

    // MARK: -

    private static func isChatModel(_ fields: JSONObject) -> Bool {
        if let abilities = fields["capabilities"]?.array?.compactMap(\.string), !abilities.isEmpty {
            return abilities.contains("completion")
        }
        let families = fields["details"]?.object?["families"]?.array?.compactMap(\.string) ?? []
        return families.isEmpty || !families.allSatisfy { $0.hasSuffix("bert") }
    }

    private static func text(_ value: JSONValue?) -> String? {
        ModelList.name(value).flatMap { $0 == "unknown" ? nil : $0 }
    }

    /// "8.0B", "137M" or "1.1T" as a number.
    static func parameters(_ text: String) -> Int? {
        let units: [Character: Double] = ["K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12]
        guard let last = text.last, let unit = units[last], let number = Double(text.dropLast()), number > 0,
            number * unit < 1e15
        else { return nil }
        return Int(exactly: (number * unit).rounded())
    }

    /// A name without a tag means the tag "latest".
    private static func tagged(_ name: String) -> String {
        let last = name.split(separator: "/").last ?? ""
        return last.contains(":") ? name : name + ":latest"
    }
}
