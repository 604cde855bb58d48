import Chat
import JSON

/// Compatible's protocol.
struct CompatibleWire: WireProtocol {
    var settings: SettingSupport { SettingSupport(ranges: [:], others: []) }

    func models(_ connection: ServiceConnection) async throws(ServiceError) -> [ModelInfo] { [] }

    func call(
        for request: ReplyRequest, provider: String, contextLength: Int?, without refused: Set<String>
    ) throws(ServiceError) -> ServiceCall {
        throw .impossible(service: provider, reason: "not built yet")
    }

    func reader(for request: ReplyRequest, provider: String) -> any ReplyReader { NoReader() }

    private struct NoReader: ReplyReader {
        mutating func read(name: String?, _ data: JSONValue) throws(ServiceError) -> [ReplyPart] { [] }
        mutating func finish(isDone: Bool) throws(ServiceError) -> [ReplyPart] { [] }
    }
}
