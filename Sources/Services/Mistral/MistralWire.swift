import Chat
import JSON
import Replies
import Synchronization

/// Mistral's chat completions (docs.mistral.ai/api), which refuse every field that they do not know.
struct MistralWire: WireProtocol {
    let settings = SettingSupport(
        ranges: ["temperature": 0...1.5, "presence_penalty": -2...2, "frequency_penalty": -2...2],
        others: ["top_p", "max_tokens", "stop", "seed", "think"])

    private let refusals = RefusalMemory()
    private let lengths = ContextLengths()

    func models(_ connection: ServiceConnection) async throws(ServiceError) -> [ModelInfo] {
        let models = try Self.models(in: try await connection.get("/models"), service: connection.service.title)
        lengths.set(models)
        return models
    }

    static func models(in answer: JSONValue, service: String) throws(ServiceError) -> [ModelInfo] {
        distinct(try ModelList.entries(answer, service: service)).compactMap(info)
    }

    func prepare(
        _ request: ReplyRequest, _ connection: ServiceConnection, onPart: @escaping @Sendable (ReplyPart) -> Void
    ) async throws(ServiceError) -> Int? { lengths[request.model.name] }

    func call(
        for request: ReplyRequest, provider: String, contextLength: Int?, without refused: Set<String>
    ) throws(ServiceError) -> ServiceCall {
        let refused = refusals.known(for: request.model.name, adding: refused)
        var chat = ChatRequest(request, provider: provider, support: settings, without: refused)
        try chat.setMessages(.mark("prefix"))
        chat.setSampling(seed: "random_seed")
        let isNative = Self.alwaysReasons(request.model.name)
        switch chat.settings.thinking {
        case .auto: break
        case .on where isNative: chat.set("prompt_mode", .string("reasoning"))
        case .on: chat.set("reasoning_effort", .string("high"))
        case .off where isNative: break
        case .off: chat.set("reasoning_effort", .string("none"))
        }
        return chat.call
    }

    func reader(for request: ReplyRequest, provider: String) -> any ReplyReader {
        let name = request.model.name
        let isForced = request.settings.current.thinking == .off && Self.alwaysReasons(name)
        // A continued reply begins with the text that it continues.
        return ChatReader(
            service: ServiceKind.title(of: provider), notices: isForced ? ["\(name) always thinks"] : [],
            echo: request.continuedText)
    }

    func refusedParameter(in error: JSONValue) -> String? { RefusedParameter.name(in: error) }

    // MARK: -

    /// The models that cannot answer without reasoning.
    private static func alwaysReasons(_ name: String) -> Bool { name.hasPrefix("magistral") }

    /// The list has an entry for each alias of a model. The name that people use, "…-latest", stays.
    private static func distinct(_ entries: [JSONObject]) -> [JSONObject] {
        var seen: Set<String> = []
        let names = entries.map { $0["id"]?.string ?? "" }
        let order = names.indices.sorted { first, second in
            let isLatest = (names[first].hasSuffix("-latest"), names[second].hasSuffix("-latest"))
            return isLatest.0 == isLatest.1 ? first < second : isLatest.0
        }
        let kept = order.filter { index in
            guard seen.insert(names[index]).inserted else { return false }
            seen.formUnion(entries[index]["aliases"]?.array?.compactMap(\.string) ?? [])
            return true
        }
        return kept.sorted().map { entries[$0] }
    }

    private static func info(_ entry: JSONObject) -> ModelInfo? {
        guard let name = ModelList.name(entry["id"]), let can = entry["capabilities"]?.object,
            can["completion_chat"]?.bool == true
        else { return nil }
        var info = ModelList.info(name)
        info.contextLength = entry["max_context_length"]?.count
        info.hasThinkingSwitch = can["reasoning"]?.bool.map { $0 && !alwaysReasons(name) }
        return info
    }
}

/// The context lengths of models in tokens, from the last list.
final class ContextLengths: Sendable {
    private let byName = Mutex<[String: Int]>([:])

    subscript(name: String) -> Int? { byName.withLock { $0[name] } }

    func set(_ models: [ModelInfo]) {
        byName.withLock { lengths in
            for info in models { lengths[info.reference.name] = info.contextLength }
        }
    }
}
