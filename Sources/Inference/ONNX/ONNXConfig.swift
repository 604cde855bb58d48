import JSON

/// What the configuration of an export says about the model: `genai_config.json`, or else `config.json`.
struct ONNXConfig: Sendable {
    /// The family, in the file's spelling.
    let family: String
    let contextLength: Int
    /// Nil if the file does not say.
    private(set) var layers: Int?
    private(set) var hiddenSize: Int?
    private(set) var heads: Int?
    private(set) var kvHeads: Int?
    private(set) var headDim: Int?
    private(set) var vocabularyCount: Int?
    /// Whether outputs of the cache may be written over its inputs. Nil if the file does not say.
    private(set) var sharesCache: Bool?
    /// What the file says about tokens that end a reply: one or a list.
    let ends: JSONValue?
    /// How inputs that continue a state are called, and the outputs that they continue. `%d` stands for a layer.
    private(set) var states: [(past: String, present: String)] = []

    /// More than any model has.
    private static let mostTokens = 1 << 24
    private static let mostUnits = 1 << 20

    init(_ folder: ONNXFolder) throws(CheckpointError) {
        if let fields = folder.genAI {
            try self.init(genAI: fields, path: folder.texts.path(of: ONNXFolder.genAIName))
        } else {
            try self.init(try folder.texts.configuration(), path: folder.texts.path(of: "config.json"))
        }
    }

    // MARK: onnxruntime-genai

    private init(genAI fields: JSONObject, path: String) throws(CheckpointError) {
        let model = FieldGroup(fields["model"]?.object ?? [:], "model.", path)
        let decoder = FieldGroup(model.fields["decoder"]?.object ?? [:], "model.decoder.", path)
        family = model.fields["type"]?.string ?? "unknown"
        guard let length = try model.number(["context_length"], most: Self.mostTokens) else {
            throw .value(path: path, field: "model.context_length", expected: "the number of tokens")
        }
        contextLength = length
        vocabularyCount = try model.number(["vocab_size"], most: Self.mostTokens)
        layers = try decoder.number(["num_hidden_layers"], most: 4096)
        hiddenSize = try decoder.number(["hidden_size"], most: Self.mostUnits)
        heads = try decoder.number(["num_attention_heads"], most: Self.mostUnits)
        kvHeads = try decoder.number(["num_key_value_heads"], most: Self.mostUnits)
        headDim = try decoder.number(["head_size"], most: Self.mostUnits)
        sharesCache = fields["search"]?.object?["past_present_share_buffer"]?.bool
        ends = model.fields["eos_token_id"]
        let outputs = decoder.fields["outputs"]?.object ?? [:]
        for input in decoder.fields["inputs"]?.object ?? [:] where input.name.hasPrefix("past_") {
            let name = "present_" + input.name.dropFirst("past_".count)
            if let past = input.value.string, let present = outputs[name]?.string { states.append((past, present)) }
        }
    }

    // MARK: Optimum

    private init(_ fields: JSONObject, path: String) throws(CheckpointError) {
        let config = try CheckpointConfig(fields, path: path)
        let group = FieldGroup(config.fields, "", path)
        family = config.modelType
        func number(_ key: ConfigKey, _ most: Int) throws(CheckpointError) -> Int? {
            try group.number(CheckpointNames.keys(key), most: most)
        }
        guard let length = try number(.contextLength, Self.mostTokens) else {
            throw .value(path: path, field: "max_position_embeddings", expected: "the number of tokens")
        }
        contextLength = length
        vocabularyCount = try group.number(["vocab_size"], most: Self.mostTokens)
        layers = try number(.layers, 4096)
        hiddenSize = try number(.hiddenSize, Self.mostUnits)
        heads = try number(.heads, Self.mostUnits)
        kvHeads = try number(.kvHeads, Self.mostUnits) ?? heads
        headDim = try number(.headDim, Self.mostUnits)
        if headDim == nil, let hiddenSize, let heads { headDim = hiddenSize / heads }
        ends = config["eos_token_id"]
    }
}

/// Fields of a configuration and how errors name them.
private struct FieldGroup {
    let fields: JSONObject
    let prefix: String
    let path: String

    init(_ fields: JSONObject, _ prefix: String, _ path: String) {
        (self.fields, self.prefix, self.path) = (fields, prefix, path)
    }

    /// The number from 1 on that the first of several spellings gives; nil if there is none of them.
    func number(_ names: [String], most: Int) throws(CheckpointError) -> Int? {
        for name in names {
            guard let value = fields[name], !value.isNull else { continue }
            guard let number = value.integer, (1...most).contains(number) else {
                throw .value(path: path, field: prefix + name, expected: "an integer from 1 to \(most)")
            }
            return number
        }
        return nil
    }
}
