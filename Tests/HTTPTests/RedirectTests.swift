import Foundation
import HTTP
import Testing

@Suite struct RedirectTests {
    /// Where requests are sent to.
    let server: TestServer
    /// Another origin.
    let other: TestServer
    let client = HTTPClient(.test)

    init() async throws {
        server = try await TestServer()
        other = try await TestServer()
    }

    private func request(
        _ status: Int, to url: String, method: HTTPRequest.Method = .get, body: String = ""
    ) -> HTTPRequest {
        HTTPRequest(
            "\(server.base)/redirect?status=\(status)&to=\(url)", method: method,
            headers: [HTTPHeader("X-Public", "public")], secretHeaders: [HTTPHeader("Authorization", "Bearer key")],
            body: Array(body.utf8))
    }

    private var host: String { "127.0.0.1:\(server.ports.http)" }

    @Test(arguments: [301, 302, 303, 307, 308])
    func followsGetWithItsKeyAtTheSameOrigin(status: Int) async throws {
        let log = PartLog()
        try await client.stream(request(status, to: "/plain"), isCancelled: { false }) { log.append($0) }
        #expect(log.heads.map(\.status) == [200])
        #expect(log.text == "hello")
        let seen = try await server.report().requests
        #expect(seen.map(\.target.first) == ["/", "/"])
        #expect(seen.allSatisfy { $0.header("authorization") == "Bearer key" })
    }

    @Test(arguments: [HTTPRequest.Method.get, .head])
    func sendsNoKeyToAnotherOrigin(method: HTTPRequest.Method) async throws {
        let reply = try await client.send(request(302, to: other.base + "/plain", method: method))
        #expect(reply.head.status == 200)
        #expect(try await server.report().requests.first?.header("authorization") == "Bearer key")
        let seen = try await other.report().requests
        #expect(seen.map(\.method) == [method.rawValue])
        #expect(seen.first?.header("x-public") == "public")
        let text = seen.flatMap(\.headers).joined().joined(separator: "\n")
        #expect(!text.lowercased().contains("authorization") && !text.contains("key"))
    }

    @Test func anotherNameOfTheSameServerGetsNoKey() async throws {
        let reply = try await client.send(request(302, to: "http://localhost:\(server.ports.http)/plain"))
        #expect(reply.text == "hello")
        #expect(try await server.report().requests.map { $0.header("authorization") } == ["Bearer key", nil])
    }

    @Test func aKeyDoesNotComeBack() async throws {
        // From the server to another one, and from there to the server again.
        let back = "\(other.base)/redirect?status=302%26to=\(server.base)/plain"
        #expect(try await client.send(request(302, to: back)).text == "hello")
        #expect(try await server.report().requests.map { $0.header("authorization") } == ["Bearer key", nil])
    }

    @Test(arguments: [301, 302, 303, 307, 308], [HTTPRequest.Method.post, .delete])
    func sendsNoBodyToAnotherOrigin(status: Int, method: HTTPRequest.Method) async throws {
        let request = request(status, to: other.base + "/plain", method: method, body: "conversation")
        #expect(await failure(of: client, request) == .redirected(host: host, to: other.base))
        #expect(try await other.report().connections == 1)
    }

    @Test(arguments: [307, 308])
    func sendsABodyAgainAtTheSameOrigin(status: Int) async throws {
        #expect(try await client.send(request(status, to: "/plain", method: .post, body: "text")).text == "hello")
        let seen = try await server.report().requests
        #expect(seen.map(\.method) == ["POST", "POST"])
        #expect(seen.map(\.body) == ["text", "text"])
        #expect(seen.allSatisfy { $0.header("authorization") == "Bearer key" })
    }

    @Test(arguments: [301, 302, 303])
    func neverTurnsAPostIntoAGet(status: Int) async throws {
        let request = request(status, to: "/plain", method: .post, body: "text")
        #expect(await failure(of: client, request) == .redirected(host: host, to: server.base))
        #expect(try await server.report().requests.count == 1)
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "http://user:pass@127.0.0.1/", "http://"])
    func followsOnlyValidAddresses(url: String) async {
        let expected = HTTPError.redirected(host: host, to: "an address that is not valid")
        #expect(await failure(of: client, request(302, to: url)) == expected)
    }

    @Test func followsFiveInARow() async throws {
        #expect(try await client.send(HTTPRequest(server.base + "/count-down?left=5")).text == "arrived")
        let error = await failure(of: client, HTTPRequest(server.base + "/count-down?left=6"))
        #expect(error == .failed(host: host, reason: "it redirects more than 5 times"))
    }
}
