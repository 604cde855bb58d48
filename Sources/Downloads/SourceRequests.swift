import Chat
import Foundation
import HTTP
import JSON

/// Small requests to the servers of models: lists, manifests, licences.
struct SourceRequests: Sendable {
    let settings: PullSettings
    let client: HTTPClient
    let cancellation: Cancellation

    /// The most bytes of an answer.
    private static let answerLimit = 16 << 20

    /// The whole answer, whatever its status.
    func get(
        _ url: String, headers: [HTTPHeader] = [], secretHeaders: [HTTPHeader] = [], limit: Int = answerLimit
    ) async throws(PullError) -> HTTPResponse {
        let limits = HTTPLimits(firstByte: .seconds(30), silence: .seconds(30), bodyBytes: limit)
        return try await head(
            HTTPRequest(url, headers: headers, secretHeaders: secretHeaders, limits: limits), bytes: nil)
    }

    /// An answer or its beginning.
    ///
    /// - Parameter bytes: of the body after which the rest is not read; nil for all.
    func head(_ request: HTTPRequest, bytes: Int?) async throws(PullError) -> HTTPResponse {
        try checkOffline(request.url)
        let collector = AnswerCollector(limit: bytes)
        do throws(HTTPError) {
            try await client.stream(
                request, isCancelled: { [cancellation] in cancellation.isCancelled || collector.isFull },
                onPart: { collector.append($0) })
        } catch {
            guard case .cancelled = error, collector.isFull, !cancellation.isCancelled else { throw PullError(error) }
        }
        return collector.answer
    }

    private func checkOffline(_ url: String) throws(PullError) {
        guard settings.isOffline, let origin = HTTPOrigin(url), !origin.isLoopback else { return }
        throw .offline(host: origin.text)
    }

    /// The JSON value in an answer of success.
    func json(_ answer: HTTPResponse, from host: String) throws(PullError) -> JSONValue {
        do throws(JSONError) {
            return try JSONReader.read(answer.body)
        } catch {
            throw .malformed(host: host, what: "it is not JSON")
        }
    }

    /// The token, for addresses of the hub only.
    func hubHeaders(for url: String) -> [HTTPHeader] {
        guard let token = settings.hubToken, let origin = HTTPOrigin(url), origin == HTTPOrigin(settings.hubEndpoint)
        else { return [] }
        return [token.header]
    }
}

/// Text in addresses.
enum URLText {
    /// A text as one part of a path, or as a value in a query.
    static func escaped(_ text: some StringProtocol) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    /// A relative path whose parts are escaped.
    static func path(_ path: String) -> String {
        path.split(separator: "/").map { escaped($0) }.joined(separator: "/")
    }
}
