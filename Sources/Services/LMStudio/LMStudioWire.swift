import Chat
import JSON
import Replies
import Synchronization

/// LM Studio: its own interface for models (lmstudio.ai/docs/developer/rest), the compatible one for replies.
struct LMStudioWire: ResidentWire {
    /// lmstudio.ai/docs/developer/openai-compat/chat-completions
    let settings = SettingSupport(
        ranges: ["presence_penalty": -2...2, "frequency_penalty": -2...2],
        others: [
            "temperature", "top_p", "top_k", "repeat_penalty", "seed", "logit_bias", "max_tokens", "stop", "num_ctx",
        ])

    private let refusals = RefusalMemory()
    private let copies = LoadedCopies()

    func models(_ connection: ServiceConnection) async throws(ServiceError) -> [ModelInfo] {
        try await list(connection).models.entries.map(\.info)
    }

    /// Loads the model if it is not in memory. Versions that cannot be asked to load one do so with the reply.
    func prepare(
        _ request: ReplyRequest, _ connection: ServiceConnection, onPart: @escaping @Sendable (ReplyPart) -> Void
    ) async throws(ServiceError) -> Int? {
        let name = request.model.name
        let (models, canLoad) = try await list(connection)
        guard let entry = models.entry(name) else { return nil }
        let length = request.settings.current.contextLength
        if let copy = entry.loaded.first(where: { $0.id == name }) ?? entry.loaded.first {
            copies[name] = copy.id
            if length > 0, let loaded = copy.contextLength, loaded != length {
                onPart(.notice("\(name) is loaded with a context of \(loaded) tokens; unload it to change that"))
            }
            return copy.contextLength
        }
        guard canLoad else { return nil }
        onPart(.loading(nil))
        return try await load(name, contextLength: length, connection, cancellation: request.cancellation)
    }

    func call(
        for request: ReplyRequest, provider: String, contextLength: Int?, without refused: Set<String>
    ) throws(ServiceError) -> ServiceCall {
        let refused = refusals.known(for: request.model.name, adding: refused)
        var chat = ChatRequest(request, provider: provider, support: settings, without: refused)
        // The model's key would load another copy of it.
        if let copy = copies[request.model.name] { chat.set("model", .string(copy)) }
        try chat.setMessages(.impossible)
        chat.setUsage()
        chat.setSampling()
        let sampling = chat.settings.sampling
        if sampling.topK > 0 { chat.set("top_k", .integer(sampling.topK)) }
        if sampling.repeatPenalty != 1 { chat.set("repeat_penalty", .real(sampling.repeatPenalty)) }
        var call = chat.call
        call.path = "/v1" + call.path
        return call
    }

    func reader(for request: ReplyRequest, provider: String) -> any ReplyReader {
        ChatReader(service: ServiceKind.title(of: provider))
    }

    func refusedParameter(in error: JSONValue) -> String? { RefusedParameter.name(in: error) }

    // MARK: Memory

    /// Loads a model, however long it takes.
    ///
    /// - Parameter contextLength: in tokens; 0 for LM Studio's choice.
    /// - Returns: the context length that it has now, if LM Studio says so.
    func load(
        _ name: String, contextLength: Int, _ connection: ServiceConnection,
        cancellation: Cancellation
    ) async throws(ServiceError) -> Int? {
        var body: JSONObject = ["model": .string(name), "echo_load_config": .bool(true)]
        if contextLength > 0 { body["context_length"] = .integer(contextLength) }
        let answer = try await connection.post("/api/v1/models/load", .object(body), stoppedBy: cancellation)
        // The second names are those of early versions.
        let id = answer.object?["instance_id"] ?? answer.object?["model_instance_id"]
        copies[name] = ModelList.name(id)
        let config = answer.object?["load_config"] ?? answer.object?["config"]
        return config?.object?["context_length"]?.count
    }

    func load(_ name: String, contextLength: Int, _ connection: ServiceConnection) async throws(ServiceError) {
        _ = try await load(name, contextLength: contextLength, connection, cancellation: Cancellation())
    }

    /// Releases every copy of a model. Returns whether there was one.
    func unload(_ name: String, _ connection: ServiceConnection) async throws(ServiceError) -> Bool {
        let loaded = try await list(connection).models.entry(name)?.loaded ?? []
        for copy in loaded {
            _ = try await connection.post("/api/v1/models/unload", .object(["instance_id": .string(copy.id)]))
        }
        copies[name] = nil
        return !loaded.isEmpty
    }

    /// The list in the newest form that the server has, and whether it can be asked to load models.
    private func list(
        _ connection: ServiceConnection
    ) async throws(ServiceError) -> (models: LMStudioModels, canLoad: Bool) {
        let title = connection.service.title
        if let answer = try await find("/api/v1/models", connection), answer.object?["models"] != nil {
            return (try LMStudioModels(v1: answer, service: title), true)
        }
        if let answer = try await find("/api/v0/models", connection), answer.object?["data"] != nil {
            return (try LMStudioModels(v0: answer, service: title), false)
        }
        return (try LMStudioModels(names: try await connection.get("/v1/models"), service: title), false)
    }

    /// Nil if the server does not have the path. Some versions answer unknown paths with 200 and an error.
    private func find(_ path: String, _ connection: ServiceConnection) async throws(ServiceError) -> JSONValue? {
        do {
            return try await connection.get(path)
        } catch {
            switch error {
            case .refused, .malformed: return nil
            default: throw error
            }
        }
    }
}

/// The identifiers of loaded copies, by the names that the user knows.
private final class LoadedCopies: Sendable {
    private let byName = Mutex<[String: String]>([:])

    subscript(name: String) -> String? {
        get { byName.withLock { $0[name] } }
        set { byName.withLock { $0[name] = newValue } }
    }
}

extension ServiceConnection {
    /// A request that may take minutes, until the user stops it.
    fileprivate func post(
        _ path: String, _ body: JSONValue, stoppedBy cancellation: Cancellation
    ) async throws(ServiceError) -> JSONValue {
        let work = Task { () async -> Result<JSONValue, ServiceError> in
            do throws(ServiceError) {
                return .success(try await post(path, body, wait: nil))
            } catch {
                return .failure(error)
            }
        }
        let watch = Task {
            while !Task.isCancelled, !cancellation.isCancelled { try? await Task.sleep(for: .milliseconds(50)) }
            if cancellation.isCancelled { work.cancel() }
        }
        let result = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
        watch.cancel()
        return try result.get()
    }
}
