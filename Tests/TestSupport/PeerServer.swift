import Foundation

/// The loopback server of Tests/ServicesTests/Server, which speaks the protocol of every kind of service. It ends with
/// this object, and with the tests.
public final class PeerServer: Sendable {
    /// Accepted by the server, and found nowhere else.
    public static let key = "sk-peer-4f1c9e7ab2"

    /// Such as "http://127.0.0.1:40000".
    public let address: String
    private let process: Process
    private let input: Pipe

    public struct NoPort: Error {}

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - chunks: bytes in each piece of a stream; "0" for one piece an event, "random" for random lengths.
    ///   - certificate: a PEM file with a certificate and its key, for TLS.
    public static func started(chunks: String = "0", certificate: URL? = nil) async throws -> PeerServer {
        try await onThread { try PeerServer(chunks: chunks, certificate: certificate) }
    }

    private init(chunks: String, certificate: URL?) throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let program = tests.appending(path: "ServicesTests/Server/serve.py")
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

    // Not with SIGTERM: this may be a thread that blocks signals, which the server has inherited.
    deinit { kill(process.processIdentifier, SIGKILL) }
}

/// Runs something that waits, on a thread of its own: other tests' tasks have only one thread for each core.
public func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try body() }) }.start()
    }
}
