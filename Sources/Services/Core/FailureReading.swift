import HTTP
import JSON

/// Finds out what an error status and its body mean. Services wrap their messages differently:
///
///     {"error": {"message": "…", "code": "…", "param": "…"}}     OpenAI, Anthropic, most compatible servers
///     {"error": "…"}                                              Ollama
///     {"message": "…"}, {"detail": "…"}, {"detail": [{"msg": "…"}]}   Mistral, vLLM, FastAPI
///     {"message": {"detail": [{"msg": "…"}]}}                     Mistral
///     [{"error": {"message": "…"}}]                               Gemini
struct FailureReading {
    let service: Service
    let head: HTTPHead
    let body: [UInt8]
    let wire: any WireProtocol

    var error: ServiceError {
        let title = service.title
        if head.status == 413 || isTooLong { return .tooLong(service: title, message: message) }
        switch head.status {
        case 401, 403: return .rejectedKey(service: title, hint: service.keyHint, message: message)
        // OpenAI's answer to an account without credit: no later try will do better.
        case 429 where code == "insufficient_quota": break
        case 408, 409, 429, 500...599:
            return .busy(service: title, status: head.status, message: message, retryAfter: retryAfter)
        default: break
        }
        if head.status == 400 || head.status == 422, let parameter = wire.refusedParameter(in: json) {
            return .refusedParameter(parameter, service: title, message: message)
        }
        return .refused(service: title, status: head.status, message: message)
    }

    private var json: JSONValue { (try? JSONReader.read(body)) ?? .null }

    var message: String { Self.message(in: json) ?? text }

    /// A service's message inside a JSON value; nil if there is none.
    static func message(in value: JSONValue) -> String? {
        if let item = value.array?.first { return message(in: item) }
        guard let object = value.object else { return value.string }
        return ["error", "message", "detail", "msg"].lazy.compactMap { object[$0].flatMap(message) }.first
    }

    /// A body that is no JSON, such as a proxy's web page.
    private var text: String {
        let text = String(decoding: body.prefix(2000), as: UTF8.self)
        return text.contains("<") ? "HTTP status \(head.status)" : text
    }

    private var code: String? {
        let error = json.object?["error"]?.object
        return error?["code"]?.string ?? error?["type"]?.string
    }

    private var isTooLong: Bool {
        if code == "context_length_exceeded" || code == "exceed_context_size_error" { return true }
        let message = message.lowercased()
        return [
            "context length", "context size", "maximum context", "context window", "prompt is too long",
            "input is too long",
        ]
        .contains { message.contains($0) }
    }

    /// Seconds until the next try, if the service names them. A date counts from the answer's own clock.
    private var retryAfter: Double? {
        if let text = head["retry-after-ms"], let milliseconds = Double(text), milliseconds >= 0, milliseconds.isFinite
        {
            return milliseconds / 1000
        }
        guard let text = head["Retry-After"] else { return nil }
        if let seconds = Double(text) { return seconds.isFinite ? max(0, seconds) : nil }
        guard let then = HTTPDate(text), let now = head["Date"].flatMap(HTTPDate.init) else { return nil }
        return max(0, Double(then.secondsSince1970 - now.secondsSince1970))
    }
}
