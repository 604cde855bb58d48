import Foundation
import HTTP
import TestSupport
import Testing

@Suite struct FailureTests {
    let server: TestServer
    let client = HTTPClient(.test)

    init() async throws { server = try await TestServer() }

    private var host: String { "127.0.0.1:\(server.ports.http)" }

    @Test(arguments: ["/cut-length", "/cut-chunk", "/cut-reset"])
    func reportsAConnectionThatEndsInTheMiddle(path: String) async {
        let log = PartLog()
        #expect(
            await failure(of: client, HTTPRequest(server.base + path), onPart: { log.append($0) }) == .cut(host: host))
        // What arrived was handed over.
        #expect(log.text == "0123456789")
    }

    @Test(arguments: ["/cut-head", "/cut-silently"])
    func reportsAConnectionThatEndsBeforeTheBody(path: String) async {
        let log = PartLog()
        #expect(
            await failure(of: client, HTTPRequest(server.base + path), onPart: { log.append($0) }) == .cut(host: host))
        #expect(log.heads.isEmpty)
    }

    @Test(arguments: ["/endless", "/bomb"])
    func stopsABodyThatIsTooLarge(path: String) async {
        let log = PartLog()
        let request = HTTPRequest(server.base + path, limits: HTTPLimits(bodyBytes: 1 << 20))
        #expect(await failure(of: client, request, onPart: { log.append($0) }) == .tooLarge(limit: 1 << 20))
        #expect(log.text.utf8.count <= 1 << 20)
    }

    @Test func acceptsABodyThatIsAsLargeAsItMayBe() async throws {
        let reply = try await client.send(HTTPRequest(server.base + "/plain", limits: HTTPLimits(bodyBytes: 5)))
        #expect(reply.text == "hello")
        let request = HTTPRequest(server.base + "/plain", limits: HTTPLimits(bodyBytes: 4))
        #expect(await failure(of: client, request) == .tooLarge(limit: 4))
    }

    @Test func stopsAHeadThatIsTooLarge() async {
        #expect(await failure(of: client, HTTPRequest(server.base + "/long-head")) == .tooLarge(limit: 256 << 10))
    }

    @Test func stopsALineThatIsTooLong() async throws {
        // libcurl has a limit of its own for one line.
        let error = try #require(await failure(of: client, HTTPRequest(server.base + "/long-line")))
        guard case .failed(host, _) = error else { return #expect(error == .tooLarge(limit: 256 << 10)) }
    }

    @Test func reportsDamagedCompression() async throws {
        let error = try #require(await failure(of: client, HTTPRequest(server.base + "/damaged")))
        guard case .failed(host, let reason) = error else { throw error }
        #expect(reason.contains("decompressed"))
    }

    @Test func reportsWhatIsNotHTTP() async {
        let expected = HTTPError.failed(host: host, reason: "the reply is not HTTP")
        #expect(await failure(of: client, HTTPRequest(server.base + "/garbage")) == expected)
    }

    @Test func reportsARefusedConnection() async throws {
        // Bound, but not listening: nothing else gets this port meanwhile.
        let unused = try LoopbackPort(listens: false)
        for host in ["127.0.0.1", "localhost"] {
            let url = "http://\(host):\(unused.number)/v1"
            #expect(await failure(of: client, HTTPRequest(url)) == .refused(host: "\(host):\(unused.number)"))
        }
    }

    @Test func reportsANameWithoutAddress() async {
        #expect(await failure(of: client, HTTPRequest("https://name.invalid/")) == .cannotResolve(host: "name.invalid"))
    }

    @Test(arguments: [
        "", "127.0.0.1:8080", "ftp://localhost/", "file:///etc/passwd", "http://", "http://user:pass@localhost/",
        "http://@localhost/", "http://local host/", "http://localhost/\n", "http://localhost:99999/",
        "http://localhost:0/", "http://bücher.example/", "http://localhost\\@example.com/", "http:///localhost/",
    ])
    func refusesAddresses(url: String) async throws {
        let error = try #require(await failure(of: client, HTTPRequest(url)))
        guard case .invalidAddress(let reason) = error else { throw error }
        #expect(!reason.contains("pass@") && !reason.contains("\n"))
        #expect(HTTPOrigin(url) == nil)
    }

    @Test(arguments: ["key\r\nX-Injected: 1", "key\n", "key\u{0}", "key\u{1B}[2J", "key\u{7F}", "key\u{85}"])
    func refusesHeaderValuesThatBreakOut(value: String) async throws {
        for request in [
            HTTPRequest(server.base + "/plain", headers: [HTTPHeader("X-Key", value)]),
            HTTPRequest(server.base + "/plain", secretHeaders: [HTTPHeader("X-Key", value)]),
        ] {
            #expect(await failure(of: client, request) == .invalidHeader("X-Key"))
        }
        #expect(try await server.report().requests.isEmpty)
    }

    @Test(arguments: ["", "X Key", "X-Key:", "X-Key\r\nX-Injected", "Schlüssel"])
    func refusesHeaderNamesThatBreakOut(name: String) async throws {
        let request = HTTPRequest(server.base + "/plain", headers: [HTTPHeader(name, "1")])
        let error = try #require(await failure(of: client, request))
        guard case .invalidHeader(let shown) = error else { throw error }
        #expect(!shown.contains { " :\r\n".contains($0) })
    }
}
