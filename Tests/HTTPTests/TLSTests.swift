import Foundation
import HTTP
import Testing

@Suite struct TLSTests {
    let server: TestServer
    let client: HTTPClient

    init() async throws {
        server = try await TestServer()
        client = HTTPClient(.test(certificateFile: try TestCertificate.shared.get().file.path))
    }

    @Test func acceptsATrustedCertificate() async throws {
        #expect(try await client.send(HTTPRequest(server.secureBase + "/plain")).text == "hello")
        let named = "https://localhost:\(server.ports.https)/plain"
        #expect(try await client.send(HTTPRequest(named)).text == "hello")
    }

    @Test func refusesAnUnknownCertificate() async throws {
        let error = try #require(await failure(of: HTTPClient(.test), HTTPRequest(server.secureBase + "/plain")))
        guard case .tls("127.0.0.1:\(server.ports.https)", let reason) = error else { throw error }
        #expect(reason.contains("certificate"))
        #expect(try await server.report().requests.isEmpty)
    }

    @Test func refusesACertificateForAnotherName() async throws {
        let error = try #require(
            await failure(of: client, HTTPRequest("https://other.localhost:\(server.ports.https)/plain")))
        guard case .tls("other.localhost:\(server.ports.https)", _) = error else { throw error }
        #expect(try await server.report().requests.isEmpty)
    }

    @Test func reportsAMissingCertificateFile() async throws {
        let client = HTTPClient(.test(certificateFile: "/nowhere/certificates.pem"))
        let error = try #require(await failure(of: client, HTTPRequest(server.secureBase + "/plain")))
        guard case .tls = error else { throw error }
    }

    @Test func reportsAServerWithoutTLS() async throws {
        let url = "https://127.0.0.1:\(server.ports.http)/plain"
        let error = try #require(await failure(of: client, HTTPRequest(url)))
        guard case .tls = error else { throw error }
    }

    @Test func speaksHTTP2() async throws {
        for _ in 0..<2 {
            let reply = try await client.send(HTTPRequest("https://127.0.0.1:\(server.ports.http2)/"))
            #expect(reply.head.status == 200)
            #expect(reply.text == "second")
        }
        // One for both requests, one for this report.
        #expect(try await server.report().connections == 2)
    }

    @Test func isNotRedirectedToPlainHTTP() async throws {
        let url = "\(server.secureBase)/redirect?status=302&to=\(server.base)/plain"
        let expected = HTTPError.redirected(host: "127.0.0.1:\(server.ports.https)", to: server.base)
        #expect(await failure(of: client, HTTPRequest(url)) == expected)
        #expect(try await server.report().requests.count == 1)
    }

    @Test func isRedirectedFromPlainHTTPWithoutItsKey() async throws {
        let request = HTTPRequest(
            "\(server.base)/redirect?status=301&to=\(server.secureBase)/plain",
            secretHeaders: [HTTPHeader("X-Api-Key", "key")])
        #expect(try await client.send(request).text == "hello")
        #expect(try await server.report().requests.map { $0.header("x-api-key") } == ["key", nil])
    }
}
