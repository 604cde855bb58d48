import HTTP
import JSON

/// Requests to one service: adds its address and key, and turns failures into `ServiceError`s.
struct ServiceConnection: Sendable {
    let service: Service
    let wire: any WireProtocol
    let client: HTTPClient
    let key: APIKey?

    /// Lists and facts are short. A model may take minutes to load before it says anything.
    private static let answerLimits = HTTPLimits(
        connect: .seconds(10), firstByte: .seconds(30), silence: .seconds(30), bodyBytes: 16 << 20)

    func get(_ path: String, limits: HTTPLimits = answerLimits) async throws(ServiceError) -> JSONValue {
        try await answer(to: request(path, .get, limits: limits))
    }

    /// - Parameter wait: the longest time until the answer begins; nil for no limit.
    func post(_ path: String, _ body: JSONValue, wait: Duration? = .seconds(30)) async throws(ServiceError) -> JSONValue
    {
        var limits = Self.answerLimits
        limits.firstByte = wait
        return try await answer(to: request(path, .post, body, limits: limits))
    }

    /// Streams the answer to a call, piece by piece. An error status becomes the error that it means.
    func stream(
        _ call: ServiceCall, limits: HTTPLimits, isCancelled: @escaping @Sendable () -> Bool,
        onBytes: @escaping @Sendable ([UInt8]) -> Void
    ) async throws(ServiceError) {
        let answer = StreamedAnswer()
        var request = request(call.path, .post, call.body, limits: limits)
        request.headers.append(
            HTTPHeader("Accept", call.framing == .events ? "text/event-stream" : "application/x-ndjson"))
        do {
            try await client.stream(request, isCancelled: isCancelled) { part in
                if let bytes = answer.take(part) { onBytes(bytes) }
            }
        } catch {
            throw failure(error)
        }
        if let failure = answer.failure { throw error(failure.head, failure.body) }
    }

    // MARK: -

    private func request(
        _ path: String, _ method: HTTPRequest.Method, _ body: JSONValue? = nil, limits: HTTPLimits
    ) -> HTTPRequest {
        let (plain, secret) = wire.headers(key: key)
        var request = HTTPRequest(
            service.baseURL + path, method: method, headers: plain, secretHeaders: secret, limits: limits)
        if let body {
            request.headers.append(HTTPHeader("Content-Type", "application/json"))
            request.body = Array(JSONWriter.compact(body).utf8)
        }
        return request
    }

    private func answer(to request: HTTPRequest) async throws(ServiceError) -> JSONValue {
        let response: HTTPResponse
        do {
            response = try await client.send(request)
        } catch {
            throw failure(error)
        }
        guard (200..<300).contains(response.head.status) else { throw error(response.head, response.body) }
        do {
            return try JSONReader.read(response.body)
        } catch {
            throw .malformed(service: service.title, detail: "\(error)")
        }
    }

    private func failure(_ error: HTTPError) -> ServiceError {
        switch error {
        case .cancelled: .cancelled
        case .cut: .cut(service: service.title)
        default: .transport(error, service: service.title)
        }
    }

    private func error(_ head: HTTPHead, _ body: [UInt8]) -> ServiceError {
        withoutKey(FailureReading(service: service, head: head, body: body, wire: wire).error)
    }

    /// An error without the key: some services repeat one that they reject, and errors are shown and kept. A very short
    /// key is a stand-in for none, and perhaps a part of ordinary words.
    func withoutKey(_ error: ServiceError) -> ServiceError {
        guard let key, key.secret.utf8.count >= 8 else { return error }
        return error.mapMessage { $0.replacing(key.secret, with: key.description) }
    }
}
