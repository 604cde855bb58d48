import Foundation
import HTTP
import Testing

/// Time-outs, cancelling, and receivers that take their time.
@Suite struct WaitingTests {
    let server: TestServer
    let client = HTTPClient(.test)

    init() async throws { server = try await TestServer() }

    private func send(_ path: String, limits: HTTPLimits) async -> HTTPError? {
        await failure(of: client, HTTPRequest(server.base + path, limits: limits))
    }

    private var host: String { "127.0.0.1:\(server.ports.http)" }

    @Test(arguments: ["/silent", "/head-only"])
    func limitsTheWaitForTheFirstByte(path: String) async {
        let limits = HTTPLimits(firstByte: .milliseconds(300), silence: .seconds(20))
        let start = ContinuousClock.now
        #expect(await send(path, limits: limits) == .timedOut(host: host, .firstByte))
        let time = start.duration(to: .now)
        #expect(time >= .milliseconds(300))
    }

    @Test func limitsSilenceInTheMiddle() async {
        let limits = HTTPLimits(firstByte: .seconds(20), silence: .milliseconds(300))
        #expect(await send("/stall", limits: limits) == .timedOut(host: host, .silence))
    }

    @Test func limitsTheTimeToConnect() async {
        // The system accepts the connection, but nobody answers the first message of TLS.
        let url = "https://127.0.0.1:\(server.ports.mute)/"
        let request = HTTPRequest(url, limits: HTTPLimits(connect: .milliseconds(300), firstByte: .seconds(20)))
        #expect(await failure(of: client, request) == .timedOut(host: "127.0.0.1:\(server.ports.mute)", .connect))
    }

    @Test func acceptsASlowReplyThatIsNeverSilentForLong() async throws {
        let limits = HTTPLimits(firstByte: .milliseconds(2500), silence: .milliseconds(2500))
        #expect(try await client.send(HTTPRequest(server.base + "/drip", limits: limits)).text == "aaaaaaaa")
    }

    @Test func waitsWithoutLimitIfThereIsNone() async {
        let request = HTTPRequest(server.base + "/silent", limits: HTTPLimits(firstByte: nil))
        let (client, stop) = (client, Switch())
        let task = Task { await failure(of: client, request, isCancelled: { stop.isOn }) }
        try? await Task.sleep(for: .milliseconds(500))
        stop.turnOn()
        #expect(await task.value == .cancelled)
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["/silent", "/stall", "/endless"])
    func cancels(path: String) async throws {
        let request = HTTPRequest(
            server.base + path, limits: HTTPLimits(firstByte: nil, silence: .seconds(600), bodyBytes: .max))
        let (client, stop) = (client, Switch())
        let task = Task { await failure(of: client, request, isCancelled: { stop.isOn }) }
        try await Task.sleep(for: .milliseconds(300))
        stop.turnOn()
        // Nothing else would end it.
        #expect(await task.value == .cancelled)
    }

    @Test func stopsWhenTheTaskIsCancelled() async throws {
        let (client, url) = (client, server.base + "/silent")
        let task = Task { await failure(of: client, HTTPRequest(url)) }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        #expect(await task.value == .cancelled)
    }

    @Test func handsNothingOverAfterTheEnd() async throws {
        let log = PartLog()
        let stop = Switch()
        await #expect(throws: HTTPError.cancelled) {
            try await client.stream(HTTPRequest(server.base + "/endless"), isCancelled: { stop.isOn }) { part in
                log.append(part)
                if case .bytes = part { stop.turnOn() }
            }
        }
        #expect(log.pieces.count == 1)
        try await Task.sleep(for: .milliseconds(100))
        #expect(log.pieces.count == 1)
    }

    @Test func sendsNothingWhenCancelledBefore() async throws {
        #expect(await failure(of: client, HTTPRequest(server.base + "/plain"), isCancelled: { true }) == .cancelled)
        #expect(try await server.report().requests.isEmpty)
    }

    @Test func slowReceiversSlowTheSenderDown() async throws {
        let stop = Switch()
        // Time with the receiver counts as neither silence nor waiting.
        let limits = HTTPLimits(silence: .seconds(2), bodyBytes: .max)
        let (client, request) = (client, HTTPRequest(server.base + "/endless", limits: limits))
        let task = Task {
            await failure(of: client, request, isCancelled: { stop.isOn }) { part in
                if case .bytes = part { Thread.sleep(forTimeInterval: 2.5) }
            }
        }
        try await Task.sleep(for: .milliseconds(3000))
        // Only what fits into the system's buffers.
        #expect(try await server.report().sentBytes < 32 << 20)
        stop.turnOn()
        #expect(await task.value == .cancelled)
    }
}
