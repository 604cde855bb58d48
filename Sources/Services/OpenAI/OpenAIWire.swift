import Chat
import JSON
import Replies
import Synchronization

/// OpenAI: the Responses API, and Chat Completions for models, servers and settings that it does not have.
struct OpenAIWire: WireProtocol {
    let settings = SettingSupport(
        ranges: [
            "temperature": 0...2, "top_p": 0...1, "presence_penalty": -2...2, "frequency_penalty": -2...2,
        ], others: ["max_tokens", "think", "stop", "seed", "logit_bias"])

    /// How many stop texts are accepted.
    private static let stopLimit = 4

    private let refusals = RefusalMemory()
    private let chatOnly = ChatOnlyModels()

    func models(_ connection: ServiceConnection) async throws(ServiceError) -> [ModelInfo] {
        try Self.models(in: try await connection.get("/models"), service: connection.service.title)
    }

    /// The models that chat, newest first.
    static func models(in answer: JSONValue, service: String) throws(ServiceError) -> [ModelInfo] {
        let dated = try ModelList.entries(answer, service: service).compactMap { entry in
            ModelList.name(entry["id"]).map { (created: entry["created"]?.count ?? 0, model: OpenAIModel($0)) }
        }
        let sorted = dated.filter(\.model.chats).sorted { ($1.created, $0.model.name) < ($0.created, $1.model.name) }
        return sorted.map { entry in
            var info = ModelList.info(entry.model.name)
            info.hasThinkingSwitch = entry.model.reasons
            return info
        }
    }

    func call(
        for request: ReplyRequest, provider: String, contextLength: Int?, without refused: Set<String>
    ) throws(ServiceError) -> ServiceCall {
        let refused = refusals.known(for: request.model.name, adding: refused)
        guard request.continuedText == nil else {
            throw .impossible(
                service: ServiceKind.title(of: provider),
                reason: "its models cannot continue an unfinished reply. Send a message instead")
        }
        if usesChat(request) { return try chatCall(for: request, provider: provider, without: refused) }
        let settings = settings.clamped(request.settings.current)
        return try ResponsesRequest(request, settings, provider: provider, without: refused).call
    }

    func reader(for request: ReplyRequest, provider: String) -> any ReplyReader {
        let service = ServiceKind.title(of: provider)
        let notices = notices(for: request)
        return usesChat(request)
            ? ChatReader(service: service, notices: notices) : ResponsesReader(service: service, notices: notices)
    }

    func refusedParameter(in error: JSONValue) -> String? { RefusedParameter.name(in: error) }

    /// A compatible server may have no `/responses`, and a model only the other interface.
    func adapts(to error: ServiceError, of request: ReplyRequest) -> Bool {
        guard !usesChat(request), case .refused(_, let status, let message) = error else { return false }
        let namesOther = message.contains("chat/completions") || message.contains("Responses API")
        guard status == 404 || status == 405 || status == 400 && namesOther else { return false }
        chatOnly.insert(request.model.name)
        return true
    }

    // MARK: -

    /// The Responses API has no stop texts, seeds, penalties and biases. Models that reason have none of them anyway.
    private func usesChat(_ request: ReplyRequest) -> Bool {
        let model = OpenAIModel(request.model.name)
        if model.isChatOnly || chatOnly.contains(model.name) { return true }
        return !model.reasons && !Self.chatSettings(request.settings.current).isEmpty
    }

    private func chatCall(
        for request: ReplyRequest, provider: String, without refused: Set<String>
    ) throws(ServiceError) -> ServiceCall {
        let model = OpenAIModel(request.model.name)
        var chat = ChatRequest(request, provider: provider, support: settings, without: refused)
        try chat.setMessages(systemRole: model.reasons ? "developer" : "system", .impossible)
        chat.setUsage()
        if model.reasons {
            chat.setLimit("max_completion_tokens")
            chat.set("reasoning_effort", model.effort(chat.settings.thinking).map { .string($0) })
        } else {
            chat.setSampling(limit: "max_completion_tokens", stops: Self.stopLimit)
            if model.name.hasPrefix("gpt-"), !model.isSearching { chat.setLogprobs() }
        }
        return chat.call
    }

    /// What is not sent although the user has set it.
    private func notices(for request: ReplyRequest) -> [String] {
        let settings = request.settings.current
        guard OpenAIModel(request.model.name).reasons else {
            let isTooMany = settings.stop.count > Self.stopLimit
            return isTooMany ? ["OpenAI takes \(Self.stopLimit) stop texts; the others are not sent"] : []
        }
        let initial = GenerationSettings().sampling
        var names = Self.chatSettings(settings)
        if settings.sampling.temperature != initial.temperature { names.append("temperature") }
        if settings.sampling.topP != initial.topP { names.append("top_p") }
        return names.isEmpty ? [] : ["\(request.model.name) has no \(names.joined(separator: ", ")); sent without"]
    }

    /// The names of settings that are on and that only Chat Completions has.
    private static func chatSettings(_ settings: GenerationSettings) -> [String] {
        let sampling = settings.sampling
        let all: [(String, Bool)] = [
            ("stop", !settings.stop.isEmpty), ("seed", sampling.seed != nil),
            ("presence_penalty", sampling.presencePenalty != 0), ("frequency_penalty", sampling.frequencyPenalty != 0),
            ("logit_bias", !sampling.logitBias.isEmpty),
        ]
        return all.compactMap { $0.1 ? $0.0 : nil }
    }
}

/// Models that turned out to have only Chat Completions.
private final class ChatOnlyModels: Sendable {
    private let names = Mutex<Set<String>>([])

    func contains(_ name: String) -> Bool { names.withLock { $0.contains(name) } }
    func insert(_ name: String) { names.withLock { _ = $0.insert(name) } }
}
