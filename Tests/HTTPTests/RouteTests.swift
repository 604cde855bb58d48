import Foundation
import HTTP
import TestSupport
import Testing

/// Proxies, offline mode, and connections that are used again.
@Suite struct RouteTests {
    let server: TestServer

    init() async throws { server = try await TestServer() }

    private var proxy: String { "http://127.0.0.1:\(server.ports.http)" }

    @Test(arguments: ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
    func plainRequestsGoThroughAProxy(variable: String) async throws {
        let client = HTTPClient(.test(environment: [variable: proxy]))
        let reply = try await client.send(HTTPRequest("http://service.test/plain"))
        #expect(reply.text == "hello")
        #expect(try await server.report().requests.map(\.target) == ["http://service.test/plain"])
    }

    @Test func secureRequestsGoThroughATunnel() async throws {
        let certificate = try TestCertificate.shared.get()
        let proxy = "http://user:word@127.0.0.1:\(server.ports.http)"
        let client = HTTPClient(.test(certificateFile: certificate.file.path, environment: ["HTTPS_PROXY": proxy]))
        let request = HTTPRequest("https://service.test/plain", secretHeaders: [HTTPHeader("Authorization", "key")])
        let log = PartLog()
        try await client.stream(request, isCancelled: { false }) { log.append($0) }
        // The proxy's own head is not the response's.
        #expect(log.heads.map { $0["content-type"] } == ["text/plain"])
        #expect(log.text == "hello")
        let seen = try await server.report().requests
        try #require(seen.map(\.method) == ["CONNECT", "GET"])
        #expect(seen[0].target == "service.test:443")
        // The key travels inside the tunnel only.
        #expect(seen[0].header("authorization") == nil)
        #expect(seen[0].header("proxy-authorization") != nil)
        #expect(seen[1].header("authorization") == "key")
        #expect(seen[1].header("proxy-authorization") == nil)

        let refusal = await failure(of: client, HTTPRequest("https://forbidden.test/plain"))
        let reason = "the proxy 127.0.0.1:\(server.ports.http) refused it with status 407"
        #expect(refusal == .failed(host: "forbidden.test", reason: reason))
    }

    @Test func exceptionsAreContactedDirectly() async {
        let client = HTTPClient(.test(environment: ["ALL_PROXY": proxy, "NO_PROXY": "name.invalid,example.com"]))
        #expect(await failure(of: client, HTTPRequest("http://name.invalid/")) == .cannotResolve(host: "name.invalid"))
    }

    @Test(arguments: ["127.0.0.1", "localhost", "name.localhost"])
    func thisComputerIsContactedDirectly(host: String) async throws {
        let broken = try await TestServer()
        let client = HTTPClient(.test(environment: ["ALL_PROXY": "http://127.0.0.1:\(broken.ports.http)"]))
        let reply = try await client.send(HTTPRequest("http://\(host):\(server.ports.http)/plain"))
        #expect(reply.text == "hello")
        #expect(try await broken.report().requests.isEmpty)
    }

    @Test func errorsNameTheProxyWithoutItsPassword() async throws {
        let unused = try LoopbackPort(listens: false)
        let refusing = HTTPClient(.test(environment: ["ALL_PROXY": "user:word@127.0.0.1:\(unused.number)"]))
        let expected = HTTPError.refused(host: "the proxy 127.0.0.1:\(unused.number)")
        #expect(await failure(of: refusing, HTTPRequest("https://service.test/")) == expected)
        let unknown = HTTPClient(.test(environment: ["https_proxy": "http://user:word@name.invalid"]))
        let unresolved = HTTPError.cannotResolve(host: "the proxy name.invalid:1080")
        #expect(await failure(of: unknown, HTTPRequest("https://service.test/")) == unresolved)
    }

    @Test(arguments: ["http://api.example.com/", "https://192.0.2.1/", "http://localhost.example.com/"])
    func offlineContactsNobodyElse(url: String) async throws {
        let origin = try #require(HTTPOrigin(url))
        let client = HTTPClient(.test(isOffline: true, environment: ["ALL_PROXY": proxy]))
        #expect(await failure(of: client, HTTPRequest(url)) == .offline(host: origin.text))
        #expect(try await server.report().requests.isEmpty)
    }

    @Test func offlineContactsThisComputerOnly() async throws {
        let client = HTTPClient(.test(isOffline: true))
        #expect(try await client.send(HTTPRequest(server.base + "/plain")).text == "hello")
        let away = "\(server.base)/redirect?status=302&to=http://example.com/"
        #expect(await failure(of: client, HTTPRequest(away)) == .offline(host: "example.com"))
    }

    @Test func usesAConnectionAgain() async throws {
        let client = HTTPClient(.test)
        for _ in 0..<5 { _ = try await client.send(HTTPRequest(server.base + "/plain")) }
        let report = try await server.report()
        #expect(Set(report.requests.map(\.connection)) == [1])
        #expect(report.connections == 2)
    }

    @Test func requestsAtTheSameTimeDoNotWaitForEachOther() async throws {
        let client = HTTPClient(.test)
        let request = HTTPRequest(server.base + "/drip")
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<12 { group.addTask { try await client.send(request).text } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(texts == Array(repeating: "aaaaaaaa", count: 12))
        #expect(try await server.report().connections == 13)
    }

    @Test func aConnectionThatTheServerClosedIsReplaced() async throws {
        let client = HTTPClient(.test)
        for _ in 0..<3 {
            let reply = try await client.send(HTTPRequest(server.base + "/closing", method: .post, body: [1]))
            #expect(reply.text == "hello")
        }
        #expect(try await server.report().requests.count == 3)
    }

    @Test func aFailedConnectionIsNotUsedAgain() async throws {
        let client = HTTPClient(.test)
        let limits = HTTPLimits(firstByte: .milliseconds(200))
        #expect(await failure(of: client, HTTPRequest(server.base + "/silent", limits: limits)) != nil)
        #expect(try await client.send(HTTPRequest(server.base + "/plain")).text == "hello")
        #expect(try await server.report().requests.map(\.connection) == [1, 2])
    }
}
