import Chat
import JSON
import Synchronization

/// Any server that speaks OpenAI's chat completions.
struct CompatibleWire: WireProtocol {
    /// What all such servers have, and the samplers of llama-server, of which others have some.
    let settings = SettingSupport(
        ranges: [:],
        others: [
            "temperature", "top_p", "seed", "logit_bias", "presence_penalty", "frequency_penalty", "max_tokens", "stop",
            "think",
        ] + CompatibleServer.llamaSettings)

    private let server = ServerMemory()
    private let refusals = RefusalMemory()

    func models(_ connection: ServiceConnection) async throws(ServiceError) -> [ModelInfo] {
        try await list(connection).models
    }

    /// Finds out once which program the server is.
    func prepare(
        _ request: ReplyRequest, _ connection: ServiceConnection, onPart: @escaping @Sendable (ReplyPart) -> Void
    ) async throws(ServiceError) -> Int? {
        if server.facts == nil { try await findOut(connection) }
        let facts = server.facts
        if facts?.server == .llamaServer, let length = await slotLength(request.model.name, connection) {
            return length
        }
        return facts?.contextLengths[request.model.name]
    }

    func call(
        for request: ReplyRequest, provider: String, contextLength: Int?, without refused: Set<String>
    ) throws(ServiceError) -> ServiceCall {
        let refused = refusals.known(for: request.model.name, adding: refused)
        let chat = ChatRequest(request, provider: provider, support: settings, without: refused)
        return try CompatibleRequest(chat, server.program, contextLength: contextLength).call
    }

    func reader(for request: ReplyRequest, provider: String) -> any ReplyReader {
        let title = ServiceKind.title(of: provider)
        let names = server.program.lacks(request.settings.current)
        let notice = "\(title) is not known to take \(names.joined(separator: ", ")); sent without"
        // llama-server repeats what it continues.
        return ChatReader(
            service: title, notices: names.isEmpty ? [] : [notice], echo: request.continuedText)
    }

    func refusedParameter(in error: JSONValue) -> String? { RefusedParameter.name(in: error) }

    // MARK: -

    private func findOut(_ connection: ServiceConnection) async throws(ServiceError) {
        do {
            _ = try await list(connection)
        } catch {
            switch error {
            // A server may have no list.
            case .refused, .malformed:
                server.facts = CompatibleModels(
                    server: CompatibleServer(owner: nil, baseURL: connection.service.baseURL))
            default: throw error
            }
        }
    }

    private func list(_ connection: ServiceConnection) async throws(ServiceError) -> CompatibleModelList {
        let service = connection.service
        let list = try CompatibleModelList(
            try await connection.get("/models"), baseURL: service.baseURL, service: service.title)
        server.facts = list.facts
        return list
    }

    /// The context that llama-server gives each conversation. A server with several models must not load one for this.
    private func slotLength(_ model: String, _ connection: ServiceConnection) async -> Int? {
        var root = connection.service
        root.baseURL = root.baseURL.hasSuffix("/v1") ? String(root.baseURL.dropLast(3)) : root.baseURL
        let query = model.utf8.map(Self.escaped).joined()
        let connection = ServiceConnection(
            service: root, wire: self, client: connection.client, key: connection.key)
        let props = try? await connection.get("/props?model=\(query)&autoload=false")
        return props?.object?["default_generation_settings"]?.object?["n_ctx"]?.count.flatMap { $0 > 0 ? $0 : nil }
    }

    private static func escaped(_ byte: UInt8) -> String {
        let scalar = Unicode.Scalar(byte)
        let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte))
        if isPlain || "-._~".utf8.contains(byte) { return String(scalar) }
        let digits = String(byte, radix: 16, uppercase: true)
        return "%" + (digits.count == 1 ? "0" : "") + digits
    }
}

/// What was found out about a server; nil before.
private final class ServerMemory: Sendable {
    private let state = Mutex<CompatibleModels?>(nil)

    var facts: CompatibleModels? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    var program: CompatibleServer { facts?.server ?? .unknown }
}
