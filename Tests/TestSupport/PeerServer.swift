import Foundation

/// The loopback server of Tests/ServicesTests/Server, which speaks the protocol of every kind of service. It ends with
/// this object, and with the tests.
public final class PeerServer: Sendable {
    /// Accepted by the server, and found nowhere else.
    public static let key = "sk-peer-4f1c9e7ab2"

    /// Such as "http://127.0.0.1:40000".
    public let address: String
    private let program: PythonServer

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - chunks: bytes in each piece of a stream; "0" for one piece an event, "random" for random lengths.
    ///   - certificate: a PEM file with a certificate and its key, for TLS.
    public static func started(chunks: String = "0", certificate: URL? = nil) async throws -> PeerServer {
        try await onThread { try PeerServer(chunks: chunks, certificate: certificate) }
    }

    private init(chunks: String, certificate: URL?) throws {
        let security = certificate.map { ["--tls", $0.path, $0.path] } ?? []
        program = try PythonServer(
            "ServicesTests/Server/serve.py", ["--attached", "--chunks", chunks, "--key", Self.key] + security)
        address = (certificate == nil ? "http://127.0.0.1:" : "https://localhost:") + "\(program.port)"
    }
}

/// Runs something that waits, on a thread of its own: other tests' tasks have only one thread for each core.
public func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try body() }) }.start()
    }
}
