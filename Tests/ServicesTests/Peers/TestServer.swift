import Foundation
import HTTP
import JSON
import Testing

@testable import Services

/// The loopback server of `Server/serve.py`, which speaks every protocol. It ends with this object, and with the tests.
final class TestServer: Sendable {
    /// Accepted by the server, and found nowhere else.
    static let key = "sk-peer-4f1c9e7ab2"

    /// Such as "http://127.0.0.1:40000".
    let address: String
    private let process: Process
    private let input: Pipe

    struct NoPort: Error {}

    /// A server for tests that do not look into its log.
    static func shared() async throws -> TestServer { try await common.value }
    private static let common = Task { try await started(chunks: "random") }

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - chunks: bytes in each piece of a stream; "0" for one piece an event, "random" for random lengths.
    ///   - certificate: a PEM file with a certificate and its key, for TLS.
    static func started(chunks: String = "0", certificate: URL? = nil) async throws -> TestServer {
        // On a thread of its own: waiting for Python must not keep other tests' tasks from running.
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try TestServer(chunks: chunks, certificate: certificate) }) }
                .start()
        }
    }

    private init(chunks: String, certificate: URL?) throws {
        let program = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Server/serve.py")
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", program.path, "--attached", "--chunks", chunks, "--key", Self.key]
        if let certificate { process.arguments? += ["--tls", certificate.path, certificate.path] }
        input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            guard let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty else { throw NoPort() }
            line += byte
        }
        guard let port = Int(String(decoding: line.dropLast(), as: UTF8.self)) else { throw NoPort() }
        address = certificate == nil ? "http://127.0.0.1:\(port)" : "https://localhost:\(port)"
    }

    deinit { process.terminate() }

    /// A provider of this kind of service.
    ///
    /// - Parameter path: nil for the service's own.
    func provider(
        _ peer: Peer, key: String = key, client: HTTPClient = HTTPClient(HTTPClient.Options())
    ) throws -> ServiceProvider {
        let key = try #require(APIKey(key))
        let service = Service(
            id: peer.kind.rawValue, kind: peer.kind, baseURL: address + peer.path, key: .literal(key))
        return ServiceProvider(service, client: client, keys: KeyRing(environment: [:]))
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
