import Chat
import HTTP
import JSON

/// Anthropic's Messages API (platform.claude.com/docs/en/api/messages).
struct AnthropicWire: WireProtocol {
    static let support = SettingSupport(
        ranges: ["temperature": 0...1], others: ["top_k", "top_p", "max_tokens", "stop", "think", "reasoning_budget"])

    var settings: SettingSupport { Self.support }

    private let refusals = RefusalMemory()

    func headers(key: APIKey?) -> (plain: [HTTPHeader], secret: [HTTPHeader]) {
        ([HTTPHeader("anthropic-version", "2023-06-01")], key.map { [HTTPHeader("x-api-key", $0.secret)] } ?? [])
    }

    /// Says what of the settings the model does not take. Nothing is asked.
    func prepare(
        _ request: ReplyRequest, _ connection: ServiceConnection, onPart: @escaping @Sendable (ReplyPart) -> Void
    ) async throws(ServiceError) -> Int? {
        let settings = Self.support.clamped(request.settings.current)
        for note in AnthropicModel(request.model.name).notes(on: settings) { onPart(.notice(note)) }
        return nil
    }

    func call(
        for request: ReplyRequest, provider: String, contextLength: Int?, without refused: Set<String>
    ) throws(ServiceError) -> ServiceCall {
        // Whether thinking is taken back depends on the conversation, everything else on the model.
        let lasting = refusals.known(
            for: request.model.name, adding: refused.subtracting([AnthropicRequest.earlierThinking]))
        let body = try AnthropicRequest(request, provider: provider, without: refused.union(lasting)).body
        return ServiceCall(path: "/v1/messages", body: body, framing: .events)
    }

    func reader(for request: ReplyRequest, provider: String) -> any ReplyReader {
        AnthropicReader(service: ServiceKind.title(of: provider))
    }

    func refusedParameter(in error: JSONValue) -> String? { AnthropicRequest.refusedParameter(in: error) }

    // MARK: Models

    /// Pages of a thousand are more than enough for every model there will be.
    private static let pageLimit = 10

    func models(_ connection: ServiceConnection) async throws(ServiceError) -> [ModelInfo] {
        var models: [ModelInfo] = []
        var after = ""
        for _ in 0..<Self.pageLimit {
            let page = try await connection.get("/v1/models?limit=1000\(after)")
            models += try Self.models(in: page, service: connection.service.title)
            guard page.object?["has_more"]?.bool == true, let last = page.object?["last_id"]?.string else { break }
            after = "&after_id=" + Self.escaped(last)
        }
        return models
    }

    /// The models on one page of the list, without those that can no longer be used.
    static func models(in page: JSONValue, service: String) throws(ServiceError) -> [ModelInfo] {
        try ModelList.entries(page, service: service).compactMap { fields in
            guard let name = ModelList.name(fields["id"]), fields["lifecycle"]?.string != "retired" else { return nil }
            var info = ModelList.info(name)
            info.contextLength = fields["max_input_tokens"]?.count.flatMap { $0 > 0 ? $0 : nil }
            info.hasThinkingSwitch = hasThinkingSwitch(fields["capabilities"]?.object?["thinking"]?.object)
            return info
        }
    }

    private static func hasThinkingSwitch(_ thinking: JSONObject?) -> Bool? {
        guard let thinking, let isSupported = thinking["supported"]?.bool else { return nil }
        guard let types = thinking["types"]?.object else { return isSupported }
        func takes(_ type: String) -> Bool { types[type]?.object?["supported"]?.bool ?? false }
        return isSupported && takes("disabled") && (takes("adaptive") || takes("enabled"))
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.prefix(1024).map { byte in
            let isPlain = byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || (0x30...0x39).contains(byte))
            if isPlain || "-._~".utf8.contains(byte) { return String(Unicode.Scalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }
}
