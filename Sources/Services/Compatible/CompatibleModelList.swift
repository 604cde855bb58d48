import Chat
import JSON

/// Reads `GET /models` of compatible servers, each of which adds other facts.
struct CompatibleModelList {
    let models: [ModelInfo]
    let facts: CompatibleModels

    /// Words in the names of models that do not chat.
    private static let others: Set<String> = [
        "embed", "embedding", "embeddings", "rerank", "reranker", "whisper", "tts", "imagen", "veo", "dall",
        "transcribe", "moderation",
    ]

    init(_ answer: JSONValue, baseURL: String, service: String) throws(ServiceError) {
        let entries = try ModelList.entries(answer, service: service)
        models = entries.compactMap(Self.info)
        let owner = entries.lazy.compactMap { $0["owned_by"]?.string }.first
        facts = CompatibleModels(
            server: CompatibleServer(owner: owner, baseURL: baseURL),
            contextLengths: Dictionary(
                models.compactMap { info in info.contextLength.map { (info.reference.name, $0) } },
                uniquingKeysWith: { first, _ in first }))
    }

    private static func info(_ entry: JSONObject) -> ModelInfo? {
        guard let name = ModelList.name(entry["id"]), chats(name, entry) else { return nil }
        var info = ModelList.info(name)
        let meta = entry["meta"]?.object
        // llama-server · vLLM, SGLang · OpenRouter, Together · Groq; the longest that the model was trained for comes last.
        let lengths = [
            meta?["n_ctx"], entry["max_model_len"], entry["context_length"], entry["context_window"],
            meta?["n_ctx_train"],
        ]
        info.contextLength = lengths.lazy.compactMap { $0?.count }.first { $0 > 0 }
        info.parameters = meta?["n_params"]?.count
        info.fileBytes = meta?["size"]?.count
        // llama-server with several models.
        info.isLoaded = entry["status"]?.object?["value"]?.string.map { $0 == "loaded" }
        return info
    }

    private static func chats(_ name: String, _ entry: JSONObject) -> Bool {
        // OpenRouter and llama-server name what a model writes.
        let outputs = entry["architecture"]?.object?["output_modalities"]?.array?.compactMap(\.string) ?? ["text"]
        return outputs.contains("text") && !ModelList.names(name, anyOf: others)
    }
}
