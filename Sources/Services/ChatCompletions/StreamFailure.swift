import JSON

/// Errors in the middle of a stream:
///
///     {"error": {"code": 502, "message": "…"}}, {"error": "…"}
///     {"object": "error", "code": 400, "message": "…"}           older vLLM
///     {"type": "error", "code": "server_error", "message": "…"}   OpenAI's Responses
enum StreamFailure {
    static func error(in event: JSONValue, name: String?, service: String) -> ServiceError? {
        guard let fields = event.object else { return nil }
        if let error = fields["error"], !error.isNull { return failure(error, service) }
        let isError = name == "error" || fields["object"]?.string == "error" || fields["type"]?.string == "error"
        return isError ? failure(event, service) : nil
    }

    /// The error that an error object means.
    static func failure(_ value: JSONValue, _ service: String) -> ServiceError {
        let message = FailureReading.message(in: value) ?? ""
        let fields = value.object
        let code = fields?["code"]
        let names = [code?.string, fields?["type"]?.string].compactMap(\.self)
        if names.contains(where: { $0 == "context_length_exceeded" || $0 == "exceed_context_size_error" }) {
            return .tooLong(service: service, message: message)
        }
        if let status = code?.integer, status == 429 || (500...599).contains(status) {
            return .busy(service: service, status: status, message: message, retryAfter: nil)
        }
        if names.contains("rate_limit_exceeded") {
            return .busy(service: service, status: 429, message: message, retryAfter: nil)
        }
        if names.contains("server_error") {
            return .busy(service: service, status: 500, message: message, retryAfter: nil)
        }
        return .failed(service: service, message: message)
    }
}
