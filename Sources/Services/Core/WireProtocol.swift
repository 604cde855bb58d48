import Chat
import HTTP
import JSON
import Replies

/// How one kind of service speaks. It builds requests and reads answers; `ServiceProvider` does everything around it:
/// keys, retries, time-outs, cancelling, statistics, errors.
protocol WireProtocol: Sendable {
    /// The settings that the service has, with its ranges.
    var settings: SettingSupport { get }
    /// The headers that every request carries; those with the key are secret.
    func headers(key: APIKey?) -> (plain: [HTTPHeader], secret: [HTTPHeader])
    /// The service's chat models.
    func models(_ connection: ServiceConnection) async throws(ServiceError) -> [ModelInfo]
    /// What has to happen before a reply, such as loading the model. Most services need nothing.
    ///
    /// - Returns: the model's context length in tokens, if it is known.
    func prepare(
        _ request: ReplyRequest, _ connection: ServiceConnection, onPart: @escaping @Sendable (ReplyPart) -> Void
    ) async throws(ServiceError) -> Int?
    /// The request for a reply. Throws `ServiceError.impossible` if the last message is the assistant's and the model
    /// cannot continue it; the model is then asked in words.
    ///
    /// - Parameters:
    ///   - provider: the registry id; messages carry `providerState` of that provider only.
    ///   - contextLength: what `prepare` returned.
    ///   - refused: names of parameters that the model refused a moment ago, to be left out.
    func call(
        for request: ReplyRequest, provider: String, contextLength: Int?, without refused: Set<String>
    ) throws(ServiceError) -> ServiceCall
    /// Reads the events of the reply to that request.
    func reader(for request: ReplyRequest, provider: String) -> any ReplyReader
    /// The name of the parameter that an error of status 400 or 422 complains about, if the request may be repeated
    /// without it.
    func refusedParameter(in error: JSONValue) -> String?
    /// Learns from the failure of a request. Returns whether the next call for it is another one that may succeed.
    func adapts(to error: ServiceError, of request: ReplyRequest) -> Bool
}

extension WireProtocol {
    func headers(key: APIKey?) -> (plain: [HTTPHeader], secret: [HTTPHeader]) {
        ([], key.map { [HTTPHeader("Authorization", "Bearer \($0.secret)")] } ?? [])
    }

    func prepare(
        _ request: ReplyRequest, _ connection: ServiceConnection, onPart: @escaping @Sendable (ReplyPart) -> Void
    ) async throws(ServiceError) -> Int? { nil }

    func refusedParameter(in error: JSONValue) -> String? { nil }

    func adapts(to error: ServiceError, of request: ReplyRequest) -> Bool { false }
}

/// A request whose answer is a stream of events.
struct ServiceCall: Sendable, Equatable {
    /// After the base URL, such as "/chat/completions".
    var path: String
    var body: JSONValue
    var framing: Framing

    enum Framing: Sendable {
        /// `text/event-stream`.
        case events
        /// One JSON value a line.
        case lines
    }
}

/// Reads the events of one reply.
protocol ReplyReader: Sendable {
    /// - Parameters:
    ///   - name: the event's name; nil in streams without names.
    ///   - data: its data; `[DONE]` does not arrive here.
    mutating func read(name: String?, _ data: JSONValue) throws(ServiceError) -> [ReplyPart]
    /// The stream has ended. `isDone` is whether it ended with `[DONE]`. Throws `ServiceError.cut` if the reply is not
    /// complete.
    mutating func finish(isDone: Bool) throws(ServiceError) -> [ReplyPart]
}
