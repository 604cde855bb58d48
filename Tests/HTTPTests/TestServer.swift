import Files
import Foundation
import HTTP
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A site of `Server/server.py`: ports and a memory of its own.
final class TestServer: Sendable {
    struct Ports: Decodable {
        let http, https, http2, mute: Int
    }

    /// What the server saw.
    struct Report: Decodable {
        struct Request: Decodable {
            let method, target, body: String
            let headers: [[String]]
            /// Numbered from 1.
            let connection: Int

            func header(_ name: String) -> String? {
                headers.first { $0.first?.lowercased() == name.lowercased() }?.last
            }
        }

        let requests: [Request]
        /// Including the one that asked for this report, unless it was open already.
        let connections: Int
        /// By `/endless`.
        let sentBytes: Int
    }

    let ports: Ports

    init() async throws {
        let port = try await ServerProgram.shared.get().port()
        let reply = try await HTTPClient(.test).send(HTTPRequest("http://127.0.0.1:\(port)/"))
        ports = try JSONDecoder().decode(Ports.self, from: Data(reply.body))
    }

    var base: String { "http://127.0.0.1:\(ports.http)" }
    var secureBase: String { "https://127.0.0.1:\(ports.https)" }

    func report() async throws -> Report {
        let reply = try await HTTPClient(.test).send(HTTPRequest(base + "/report"))
        return try JSONDecoder().decode(Report.self, from: Data(reply.body))
    }
}

/// The program that all sites are part of. It ends with this process.
private final class ServerProgram: Sendable {
    static let shared = Result { try ServerProgram() }

    private let file: URL

    private init() throws {
        let certificate = try TestCertificate.shared.get()
        file = certificate.folder.appending(path: "port")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Server/server.py")
        let arguments = [script.path, file.path, certificate.file.path, certificate.key.path]
        guard ChildProgram("python3", arguments).start(.session, input: .null, output: .null, error: .inherited) != nil
        else { throw DidNotStart() }
    }

    /// Where new sites are opened.
    func port() async throws -> Int {
        for _ in 0..<600 {
            if let text = try? String(contentsOf: file, encoding: .utf8), let port = Int(text) { return port }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw DidNotStart()
    }

    struct DidNotStart: Error {}
}

/// A certificate for 127.0.0.1, localhost and service.test that signs itself, made by the openssl program.
struct TestCertificate {
    static let shared = Result { try TestCertificate() }

    let folder: URL
    var file: URL { folder.appending(path: "certificate.pem") }
    var key: URL { folder.appending(path: "key.pem") }

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sotto-http-tests-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let words = [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Test",
            "-addext", "subjectAltName=DNS:localhost,DNS:service.test,IP:127.0.0.1",
            "-out", file.path, "-keyout", key.path,
        ]
        let program = try FinishedProgram(words, error: .null)
        try #require(program.status == 0, "openssl made no certificate")
    }
}

extension HTTPClient.Options {
    /// Whatever proxies the tests run behind.
    static let test = Self(proxies: HTTPProxies(environment: [:]))

    static func test(
        isOffline: Bool = false, certificateFile: String? = nil, environment: [String: String] = [:]
    ) -> Self {
        Self(
            isOffline: isOffline, certificateFile: certificateFile,
            proxies: HTTPProxies(environment: environment))
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}
