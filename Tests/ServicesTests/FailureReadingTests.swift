import HTTP
import Testing

@testable import Services

@Suite struct FailureReadingTests {
    private func error(_ status: Int, _ body: String, headers: [HTTPHeader] = []) -> ServiceError {
        let service = Service(id: "openai", kind: .openai, baseURL: "https://api.openai.com/v1")
        return FailureReading(
            service: service, head: HTTPHead(status: status, headers: headers), body: Array(body.utf8),
            wire: OpenAIWire()
        ).error
    }

    @Test func anAccountWithoutCreditIsNotAskedAgain() {
        let body = #"{"error": {"message": "You exceeded your current quota.", "code": "insufficient_quota"}}"#
        let error = error(429, body)
        #expect(error == .refused(service: "OpenAI", status: 429, message: "You exceeded your current quota."))
        var backOff = BackOff()
        let next = backOff.next(after: error)
        #expect(next == nil)
    }

    private static let waits: [([String: String], Double)] = [
        (["Retry-After": "7"], 7), (["retry-after-ms": "250"], 0.25), (["Retry-After": "-3"], 0),
        (["Retry-After": "Sun, 06 Nov 1994 08:49:47 GMT", "Date": "Sun, 06 Nov 1994 08:49:37 GMT"], 10),
    ]

    @Test(arguments: waits)
    func waitsAsLongAsTheServiceAsks(headers: [String: String], seconds: Double) {
        let error = error(429, #"{"error": "slow down"}"#, headers: headers.map { HTTPHeader($0.key, $0.value) })
        #expect(error == .busy(service: "OpenAI", status: 429, message: "slow down", retryAfter: seconds))
    }

    @Test(arguments: ["soon", "nan", "1e999", "Sun, 06 Nov 1994 08:49:47 GMT"])
    func ignoresWhatIsNoTime(text: String) {
        let error = error(503, "", headers: [HTTPHeader("Retry-After", text)])
        var backOff = BackOff()
        let wait = backOff.next(after: error)
        #expect(wait == nil || wait.map { (1...1.25).contains($0) } == true)
    }

    @Test func waitsLongerAfterEachTry() throws {
        var backOff = BackOff()
        let error = error(500, "")
        for expected in [1.0, 2, 4, 8, 16] {
            let next = backOff.next(after: error)
            let wait = try #require(next)
            #expect((expected...expected * 1.25).contains(wait))
        }
        let last = backOff.next(after: error)
        #expect(last == nil)
    }

    @Test func aLongWaitIsReportedInstead() {
        var backOff = BackOff()
        let wait = backOff.next(after: error(429, "", headers: [HTTPHeader("Retry-After", "3600")]))
        #expect(wait == nil)
    }
}
