import HTTP
import Testing

@Suite struct ErrorTextTests {
    @Test func everyErrorIsOneLineThatNamesItsHost() {
        let host = "rack.example:8000"
        let errors: [HTTPError] = [
            .offline(host: host), .cannotResolve(host: host), .refused(host: host),
            .unreachable(host: host, reason: "no route to host"), .tls(host: host, reason: "certificate has expired"),
            .timedOut(host: host, .connect), .timedOut(host: host, .firstByte), .timedOut(host: host, .silence),
            .redirected(host: host, to: "https://example.com"), .cut(host: host), .failed(host: host, reason: "no"),
        ]
        for error in errors {
            #expect(error.description.contains(host))
            #expect(!error.description.contains("\n"))
        }
        #expect(Set(errors.map(\.description)).count == errors.count)
    }

    @Test(arguments: [(64 << 20, "64 MiB"), (256 << 10, "256 KiB"), (100, "100 bytes")])
    func sizesAreReadable(bytes: Int, text: String) {
        #expect(HTTPError.tooLarge(limit: bytes).description.contains(text))
    }
}
