import Foundation
import HTTP
import JSON
import TestSupport
import Testing

@testable import Services

/// The loopback server, with what tests of providers need.
final class TestServer: Sendable {
    static let key = PeerServer.key

    private let server: PeerServer
    var address: String { server.address }

    /// A server for tests that do not look into its log.
    static func shared() async throws -> TestServer { try await common.value }
    private static let common = Task { try await started(chunks: "random") }

    /// Starts a server; the parameters are those of `PeerServer`.
    static func started(chunks: String = "0", certificate: URL? = nil) async throws -> TestServer {
        TestServer(try await PeerServer.started(chunks: chunks, certificate: certificate))
    }

    private init(_ server: PeerServer) { self.server = server }

    /// A provider of this kind of service.
    func provider(
        _ peer: Peer, key: String = key, client: HTTPClient = HTTPClient(HTTPClient.Options())
    ) throws -> PeerProvider {
        let key = try #require(APIKey(key))
        let service = Service(
            id: peer.kind.rawValue, kind: peer.kind, baseURL: address + peer.path, key: .literal(key))
        return PeerProvider(
            provider: ServiceProvider(service, client: client, keys: KeyRing(environment: [:])), server: self)
    }

    /// What the server received, oldest first.
    func log() async throws -> [Received] {
        let response = try await HTTPClient(HTTPClient.Options()).send(HTTPRequest(address + "/log"))
        let entries = try JSONReader.read(response.body).array ?? []
        return entries.compactMap { $0.object.map(Received.init) }
    }

    /// The requests for a reply among them. One without messages only loads a model of Ollama's.
    func replyRequests() async throws -> [Received] {
        try await log().filter { request in
            request.body["messages"]?.array?.isEmpty != true
                && ["/chat/completions", "/responses", "/messages", "/api/chat"].contains { request.path.hasSuffix($0) }
        }
    }

    /// Waits until the server knows how its last answer ended.
    func lastOutcome() async throws -> String? {
        for _ in 0..<100 {
            if let outcome = try await log().last?.outcome, outcome != "running" { return outcome }
            try await Task.sleep(for: .milliseconds(20))
        }
        return try await log().last?.outcome
    }

    /// A request in the server's log.
    struct Received {
        let entry: JSONObject
        var path: String { entry["path"]?.string ?? "" }
        var body: JSONObject { entry["body"]?.object ?? [:] }
        /// "complete", "cut", or "hung up" if the client closed the connection.
        var outcome: String { entry["outcome"]?.string ?? "" }
        /// Names in lower case.
        var headers: [(name: String, value: String)] {
            (entry["headers"]?.array ?? []).compactMap { pair in
                guard let name = pair.array?.first?.string, let value = pair.array?.last?.string else { return nil }
                return (name.lowercased(), value)
            }
        }
        /// Everything except the headers, to search for what must not be there.
        var text: String { path + JSONWriter.compact(.object(body)) }
    }
}
