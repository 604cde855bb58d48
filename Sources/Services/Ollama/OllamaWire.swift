import Chat
import HTTP
import JSON

/// Ollama's own interface (docs.ollama.com/api).
struct OllamaWire: WireProtocol {
    /// The options that its engine reads (docs.ollama.com/modelfile). Mirostat is no longer one of them.
    static let support = SettingSupport(
        ranges: [:],
        others: [
            "temperature", "seed", "top_k", "top_p", "min_p", "typical_p", "repeat_penalty", "repeat_last_n",
            "presence_penalty", "frequency_penalty", "max_tokens", "stop", "think", "num_ctx",
        ])

    var settings: SettingSupport { Self.support }
    /// Its templates leave a last message by the assistant open.

    private let refusals = RefusalMemory()

    /// A long answer of a small server: lists of a few hundred models.
    func models(_ connection: ServiceConnection) async throws(ServiceError) -> [ModelInfo] {
        let tags = try await connection.get("/api/tags")
        // Which are loaded is nice to know, and no reason to show none.
        let running = try? await connection.get("/api/ps")
        return try OllamaModels.list(tags, running: running, service: connection.service.title)
    }

    /// Loads the model, if it is not loaded yet, and finds out its context: what the server decides can only be seen
    /// then. An empty conversation loads a model (docs.ollama.com/api/chat).
    func prepare(
        _ request: ReplyRequest, _ connection: ServiceConnection, onPart: @escaping @Sendable (ReplyPart) -> Void
    ) async throws(ServiceError) -> Int? {
        let model = request.model.name
        guard !OllamaModels.isRemote(model) else { return await longestContext(of: model, connection) }
        let wanted = Self.support.clamped(request.settings.current).contextLength
        let running = OllamaModels.running(model, in: try? await connection.get("/api/ps"))
        if running == nil || wanted > 0 && running?.contextLength != wanted { onPart(.loading(nil)) }
        try await load(request, connection)
        let loaded = OllamaModels.running(model, in: try? await connection.get("/api/ps"))
        if let length = loaded?.contextLength { return length }
        // Servers before 0.7 do not say.
        return wanted > 0 ? wanted : await usualContext(of: model, connection)
    }

    func call(
        for request: ReplyRequest, provider: String, contextLength: Int?, without refused: Set<String>
    ) throws(ServiceError) -> ServiceCall {
        let refused = refusals.known(for: request.model.name, adding: refused)
        let body = try OllamaRequest(request, provider: provider, without: refused).body
        return ServiceCall(path: "/api/chat", body: body, framing: .lines)
    }

    func reader(for request: ReplyRequest, provider: String) -> any ReplyReader {
        OllamaReader(service: ServiceKind.title(of: provider), maxTokens: request.settings.current.maxTokens)
    }

    /// "… does not support thinking" is the one thing that a request works without.
    func refusedParameter(in error: JSONValue) -> String? {
        let message = FailureReading.message(in: error)?.lowercased() ?? ""
        return message.contains("support thinking") || message.contains("think value") ? "think" : nil
    }

    // MARK: -

    private func load(_ request: ReplyRequest, _ connection: ServiceConnection) async throws(ServiceError) {
        let limits = HTTPLimits(
            connect: .seconds(10), firstByte: .seconds(600), silence: .seconds(30), bodyBytes: 1 << 20)
        let call = ServiceCall(path: "/api/chat", body: OllamaRequest.loading(request), framing: .lines)
        let cancellation = request.cancellation
        try await connection.stream(call, limits: limits, isCancelled: { cancellation.isCancelled }, onBytes: { _ in })
    }

    private func show(_ model: String, _ connection: ServiceConnection) async -> JSONValue? {
        try? await connection.post("/api/show", .object(["model": .string(model)]))
    }

    private func longestContext(of model: String, _ connection: ServiceConnection) async -> Int? {
        await show(model, connection).flatMap(OllamaModels.longestContext)
    }

    /// What a server uses that nobody told otherwise: the model's own setting, else 4096 tokens, if the model has as
    /// many (docs.ollama.com/context-length, for computers without a large graphics card).
    private func usualContext(of model: String, _ connection: ServiceConnection) async -> Int? {
        guard let facts = await show(model, connection) else { return nil }
        return OllamaModels.ownContext(facts) ?? OllamaModels.longestContext(facts).map { min($0, 4096) }
    }
}
