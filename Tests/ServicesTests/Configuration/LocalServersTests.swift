import Foundation
import JSON
import TestSupport
import Testing

@testable import Services

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct LocalServersTests {
    private func service(_ texts: [String: String], port: Int = 8080, taken: Set<String> = []) throws -> Service? {
        var taken = taken
        return LocalServers.service(
            port: port, answers: try texts.mapValues { try JSONReader.read($0) }, taken: &taken)
    }

    @Test(arguments: [
        (["/api/version": #"{"version": "0.13.1"}"#], ServiceKind.ollama, "ollama", "http://127.0.0.1:8080"),
        (["/api/v1/models": #"{"models": []}"#], .lmstudio, "lmstudio", "http://127.0.0.1:8080"),
        (
            ["/api/v1/models": #"{"models": [{"type": "llm", "key": "qwen/qwen3-4b"}]}"#], .lmstudio, "lmstudio",
            "http://127.0.0.1:8080"
        ),
        (
            [
                "/api/v0/models": #"{"data": [{"id": "a", "state": "loaded"}]}"#,
                "/v1/models": #"{"data": [{"id": "a"}]}"#,
            ], .lmstudio, "lmstudio", "http://127.0.0.1:8080"
        ),
        (
            ["/v1/models": #"{"data": [{"id": "a", "owned_by": "llamacpp"}]}"#], .compatible, "llama-server",
            "http://127.0.0.1:8080/v1"
        ),
        (
            ["/v1/models": #"{"data": [{"id": "a", "owned_by": "vllm"}]}"#], .compatible, "vllm",
            "http://127.0.0.1:8080/v1"
        ),
        // Lemonade has an OpenAI-style list at LM Studio's path.
        (
            ["/api/v1/models": #"{"data": [{"id": "a"}]}"#, "/v1/models": #"{"object": "list", "data": []}"#],
            .compatible, "server-8080", "http://127.0.0.1:8080/v1"
        ),
    ])
    func answersIdentifyAServer(texts: [String: String], kind: ServiceKind, id: String, address: String) throws {
        let service = try #require(try service(texts))
        #expect(service.kind == kind)
        #expect(service.id == id)
        #expect(service.baseURL == address)
        #expect(service.key == .none)
    }

    @Test(arguments: [
        [:], ["/v1/models": "[]"], ["/v1/models": #"{"data": [{"name": "a"}]}"#], ["/api/version": #"{"version": 3}"#],
        ["/api/v1/models": #"{"error": "Not found"}"#, "/v1/models": #""x""#],
        ["/api/v1/models": #"{"models": [{"name": "car"}]}"#],
    ])
    func otherServersAreIgnored(texts: [String: String]) throws {
        #expect(try service(texts) == nil)
    }

    @Test func namesAreUnique() throws {
        let texts = ["/api/version": #"{"version": "1"}"#]
        #expect(try service(texts, taken: ["ollama"])?.id == "ollama-8080")
        #expect(try service(texts, taken: ["ollama", "ollama-8080"]) == nil)
    }

    // MARK: Finding

    @Test(.timeLimit(.minutes(5))) func serversThatAnswerAtOnceAreFound() async throws {
        let ollama = try TinyServer(["/api/version": #"{"version": "0.13.1"}"#])
        let llama = try TinyServer(["/v1/models": #"{"data": [{"id": "a", "owned_by": "llamacpp"}]}"#])
        let website = try TinyServer(["/v1/models": "<html>"])
        let slow = try TinyServer(["/api/version": #"{"version": "1"}"#], seconds: 600)
        let ports = [ollama, llama, website, slow].map(\.port)
        // Longer than for users: other tests keep the processors busy.
        let patience = LocalServers.Patience(begin: .seconds(5), end: .seconds(10))
        let found = await LocalServers.find(known: [], ports: ports, patience: patience)
        #expect(found.map(\.id) == ["ollama", "llama-server"])
        #expect(found.map(\.baseURL) == ["http://127.0.0.1:\(ports[0])", "http://127.0.0.1:\(ports[1])/v1"])
        let known = Service(id: "mine", kind: .ollama, baseURL: "http://localhost:\(ports[0])")
        #expect(await LocalServers.find(known: [known], ports: [ports[0]], patience: patience) == [])
    }
}

/// Answers GET requests on a port of its own, one connection after the other.
private final class TinyServer: Sendable {
    let port: Int
    private let loopback: LoopbackPort

    convenience init(_ bodies: [String: String], seconds: Double = 0) throws {
        try self.init { path in
            Thread.sleep(forTimeInterval: seconds)
            guard let body = bodies[path] else { return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n" }
            return "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        }
    }

    private init(answer: @escaping @Sendable (_ path: String) -> String) throws {
        let loopback = try LoopbackPort(listens: true)
        let socket = loopback.socket
        self.loopback = loopback
        port = loopback.number
        Thread {
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { return }
                Thread { Self.serve(connection, answer) }.start()
            }
        }.start()
    }

    private static func serve(_ connection: Int32, _ answer: (String) -> String) {
        defer { close(connection) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(connection, &bytes, bytes.count, 0)
        guard count > 0 else { return }
        let words = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
        let text = Array(answer(words.count > 1 ? String(words[1]) : "").utf8)
        #if canImport(Glibc)
            send(connection, text, text.count, Int32(MSG_NOSIGNAL))
        #else
            send(connection, text, text.count, 0)
        #endif
    }
}
