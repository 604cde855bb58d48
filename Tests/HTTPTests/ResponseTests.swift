import Foundation
import HTTP
import Testing

@Suite struct ResponseTests {
    let server: TestServer
    let client = HTTPClient(.test)

    init() async throws { server = try await TestServer() }

    @Test func receivesAWholeBody() async throws {
        let reply = try await client.send(HTTPRequest(server.base + "/plain"))
        #expect(reply.head.status == 200)
        #expect(reply.text == "hello")
        #expect(reply.head["CONTENT-type"] == "text/plain")
        #expect(reply.head["X-Twice"] == "1")
        #expect(reply.head.headers.filter { $0.name.lowercased() == "x-twice" }.map(\.value) == ["1", "2"])
        #expect(reply.head["x-empty"] == "")
        #expect(reply.head["x-missing"] == nil)
    }

    @Test func joinsChunks() async throws {
        #expect(try await client.send(HTTPRequest(server.base + "/chunked")).text == "one two three")
    }

    @Test func handsBytesOverAsTheyArrive() async throws {
        let log = PartLog()
        let releaser = HTTPClient(.test)
        let base = server.base
        // The server sends the second piece only after the first one has arrived here.
        try await client.stream(HTTPRequest(base + "/live"), isCancelled: { false }) { part in
            log.append(part)
            guard case .bytes(let bytes) = part, bytes == Array("first".utf8) else { return }
            Task { try await releaser.send(HTTPRequest(base + "/release")) }
        }
        #expect(log.beginsWithHead)
        #expect(log.pieces == ["first", "second"])
    }

    @Test func handsOverErrorsWithTheirBodies() async throws {
        let reply = try await client.send(HTTPRequest(server.base + "/fail", method: .post))
        #expect(reply.head.status == 529)
        #expect(reply.head["retry-after"] == "7")
        #expect(reply.text == #"{"error":"overloaded"}"#)
    }

    @Test(arguments: [("/empty", HTTPRequest.Method.get, 204), ("/plain", .head, 200)])
    func acceptsResponsesWithoutBody(path: String, method: HTTPRequest.Method, status: Int) async throws {
        let reply = try await client.send(HTTPRequest(server.base + path, method: method))
        #expect(reply.head.status == status)
        #expect(reply.body.isEmpty)
    }

    @Test func skipsInterimHeadsAndTrailers() async throws {
        let log = PartLog()
        for path in ["/interim", "/trailers"] {
            try await client.stream(HTTPRequest(server.base + path), isCancelled: { false }) { log.append($0) }
        }
        #expect(log.heads.map(\.status) == [200, 302])
        #expect(log.heads.first?["x-final"] == "1")
        #expect(log.heads.first?["link"] == nil)
        #expect(log.pieces == ["final", "body"])
    }

    @Test func decompresses() async throws {
        let reply = try await client.send(HTTPRequest(server.base + "/zipped"))
        #expect(reply.text == String(repeating: "hello ", count: 1000))
        #expect(try await server.report().requests.first?.header("accept-encoding")?.contains("gzip") == true)
    }

    @Test func sendsMethodHeadersAndBody() async throws {
        let body = Array("{\"text\":\"\0ü\"}".utf8)
        let request = HTTPRequest(
            server.base + "/plain?q=1#part", method: .post,
            headers: [HTTPHeader("Content-Type", "application/json"), HTTPHeader("X-Empty", "")],
            secretHeaders: [HTTPHeader("Authorization", "Bearer key")], body: body)
        _ = try await client.send(request)
        _ = try await client.send(HTTPRequest(server.base + "/plain", method: .post))
        _ = try await client.send(HTTPRequest(server.base + "/plain", method: .delete, body: [0x7B, 0x7D]))
        _ = try await client.send(HTTPRequest(server.base + "/plain", method: .delete))
        let seen = try await server.report().requests
        try #require(seen.map(\.method) == ["POST", "POST", "DELETE", "DELETE"])
        #expect(seen[0].target == "/plain?q=1")
        #expect(seen[0].header("content-type") == "application/json")
        #expect(seen[0].header("x-empty") == "")
        #expect(seen[0].header("authorization") == "Bearer key")
        #expect(seen[0].header("user-agent") == "sotto")
        #expect(seen[0].header("expect") == nil)
        #expect(seen[0].body.unicodeScalars.map { UInt8($0.value) } == body)
        #expect(seen[1].header("content-length") == "0")
        // What an idle handle keeps is its connection, not the headers of the last request.
        #expect(seen[1].header("content-type") == nil && seen[1].header("authorization") == nil)
        #expect(seen[2].body == "{}")
        #expect(seen[3].header("content-length") == nil)
    }

    @Test func sendsLargeBodies() async throws {
        let body = [UInt8](repeating: 0x61, count: 5 << 20)
        _ = try await client.send(HTTPRequest(server.base + "/plain", method: .post, body: body))
        let seen = try #require(try await server.report().requests.first)
        #expect(seen.body.utf8.count == body.count)
        // libcurl would ask whether it is welcome, and wait a second for an answer.
        #expect(seen.header("expect") == nil)
    }
}
