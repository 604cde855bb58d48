import Chat
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Downloads

/// Downloads that do not go as they should.
@Suite struct InterruptionTests {
    let site: DownloadSite
    private let model = DownloadSite.model(200_000)
    private static let file = "alice/Tiny/tiny-Q4_K_M.gguf"
    private static let partial = "alice/Tiny/.pull-tiny-Q4_K_M.gguf"

    init() async throws {
        site = try await .started()
        try site.write(model, to: "hub/\(Self.file)")
    }

    private func isWhole() throws -> Bool { try site.left() == [Self.file] && site.bytes(of: Self.file) == model }

    private var ranges: [String?] {
        get throws { try site.deliveries(of: "tiny-Q4_K_M.gguf").map { $0.headers["range"] } }
    }

    // MARK: Connections

    @Test func aCutIsResumed() async throws {
        try site.behave(["cuts": [70_000, 30_000]])
        _ = try await site.pull(.hub("Tiny")).run { _ in }
        #expect(try isWhole())
        #expect(try ranges == [nil, "bytes=70000-", "bytes=100000-"])
        let tags = try site.deliveries(of: "tiny-Q4_K_M.gguf").compactMap { $0.headers["if-range"] }
        #expect(tags.count == 2 && Set(tags).count == 1)
    }

    @Test func aServerWithoutRangesBeginsAgain() async throws {
        try site.behave(["cuts": [70_000, 30_000], "ranges": false])
        let log = EventLog()
        _ = try await site.pull(.hub("Tiny")).run { log.append($0) }
        #expect(try isWhole())
        #expect(log.all.last == .progress(bytes: 200_000, of: 200_000))
    }

    @Test func aServerThatAlwaysCutsIsGivenUpAndResumedLater() async throws {
        try site.behave(["cuts": [50_000, 0, 0, 0]])
        let error = await failure(of: site.pull(.hub("Tiny")))
        guard case .network(.cut) = error else { return #expect(error == nil) }
        #expect(site.left() == [Self.partial, "\(Self.partial).json"])
        #expect(try await site.pull(.hub("Tiny")).plan().presentBytes == 50_000)
        _ = try await site.pull(.hub("Tiny")).run { _ in }
        #expect(try isWhole())
        #expect(try ranges.last == "bytes=50000-")
    }

    @Test func aBusyServerIsAskedAgain() async throws {
        try site.behave(["statuses": [503, 429, 200]])
        _ = try await site.pull(.hub("Tiny")).run { _ in }
        #expect(try isWhole())
        try site.behave(["statuses": Array(repeating: 500, count: 20)])
        try FileManager.default.removeItem(at: site.models)
        let error = await failure(of: site.pull(.hub("Tiny")))
        #expect(error == .status(host: site.host, code: 500))
        #expect(site.entries().isEmpty)
    }

    @Test func silenceEndsATry() async throws {
        try site.behave(["pause": 60_000])
        var conditions = DownloadSite.conditions
        conditions.silence = .milliseconds(400)
        conditions.waits = []
        let error = await failure(of: site.pull(.hub("Tiny"), conditions: conditions))
        guard case .network(.timedOut(_, .silence)) = error else { return #expect(error == nil) }
        try site.behave([:])
        _ = try await site.pull(.hub("Tiny")).run { _ in }
        #expect(try isWhole())
        #expect(try ranges.last == "bytes=60000-")
    }

    /// Cuts at random places, with and without ranges, lengths and versions, always end in the same bytes.
    @Test(arguments: 0..<12)
    func randomCutsEndInTheSameBytes(seed: Int) async throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<3 {
            let cuts = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
                Int.random(in: 0...model.count, using: &generator)
            }
            var scenario: [String: Any] = ["cuts": cuts]
            scenario["ranges"] = Int.random(in: 0..<4, using: &generator) > 0
            scenario["length"] = Bool.random(using: &generator)
            if Bool.random(using: &generator) { scenario["version"] = NSNull() }
            if Bool.random(using: &generator) { scenario["modified"] = "Sun, 06 Nov 1994 08:49:37 GMT" }
            try site.behave(scenario)
            try? FileManager.default.removeItem(at: site.models)
            var tries = 0
            // Three retries each: what is left goes on with the next pull.
            while let error = await failure(of: site.pull(.hub("Tiny"))) {
                guard case .network(.cut) = error, tries < 6 else {
                    Issue.record("\(error) with \(scenario)")
                    break
                }
                #expect(!FileManager.default.fileExists(atPath: site.models.appending(path: Self.file).path))
                tries += 1
            }
            #expect(try isWhole(), "\(scenario)")
        }
    }

    // MARK: Lies

    @Test(arguments: [-50_000, 50_000])
    func aWrongLengthIsRefused(difference: Int) async throws {
        try site.behave(["announce": difference])
        let error = await failure(of: site.pull(.hub("Tiny")))
        #expect(
            error
                == .wrongLength(
                    file: "tiny-Q4_K_M.gguf", host: site.host, expected: 200_000, announced: 200_000 + difference))
        #expect(site.entries().isEmpty)
    }

    @Test func moreBytesThanTheFileHasAreRefused() async throws {
        try site.behave(["length": false, "extra": 100_000])
        let error = await failure(of: site.pull(.hub("Tiny")))
        guard case .wrongLength(_, _, expected: 200_000, _) = error else { return #expect(error == nil) }
        #expect(site.entries().isEmpty)
    }

    @Test func aWrongChecksumIsRefused() async throws {
        try site.behave(["sha256": String(repeating: "ab", count: 32)])
        let error = await failure(of: site.pull(.hub("Tiny")))
        #expect(error == .wrongChecksum(file: "tiny-Q4_K_M.gguf", host: site.host))
        #expect(try ranges.count == 1)
        #expect(site.entries().isEmpty)
    }

    @Test func otherBytesOnResumeBeginAgainOnce() async throws {
        try site.behave(["cuts": [70_000], "other": true])
        _ = try await site.pull(.hub("Tiny")).run { _ in }
        #expect(try isWhole())
        #expect(try ranges == [nil, "bytes=70000-", nil])
    }

    @Test func otherBytesOnResumeAgainAreReported() async throws {
        try site.behave(["cuts": [70_000, nil, 70_000], "other": true])
        let error = await failure(of: site.pull(.hub("Tiny")))
        #expect(error == .wrongChecksum(file: "tiny-Q4_K_M.gguf", host: site.host))
        #expect(try ranges.count == 4)
        #expect(site.entries().isEmpty)
    }

    /// The server goes on with another part than was asked for.
    @Test func aWrongPartBeginsAgainOnce() async throws {
        try site.behave(["cuts": [70_000, nil, 70_000], "shift": 10])
        let error = await failure(of: site.pull(.hub("Tiny")))
        #expect(error == .changed(file: "tiny-Q4_K_M.gguf", host: site.host))
        #expect(try ranges.count == 4)
        #expect(site.entries().isEmpty)
    }

    @Test func anotherVersionBeginsAgain() async throws {
        try site.behave(["cuts": [70_000], "version": "changing"])
        _ = try await site.pull(.hub("Tiny")).run { _ in }
        #expect(try isWhole())
    }

    /// Without a checksum and without a version nobody knows whether the rest belongs to what is here.
    @Test func aFileWithoutVersionIsNotResumed() async throws {
        try site.write(model, to: "files/plain.gguf")
        try site.behave(["cuts": [70_000], "version": NSNull()])
        _ = try await site.pull(site.file("plain.gguf")).run { _ in }
        #expect(try site.bytes(of: "plain.gguf") == model)
        #expect(try site.deliveries(of: "plain.gguf").map { $0.headers["range"] } == [nil, nil])
    }

    @Test func aWeakVersionIsNoVersion() async throws {
        try site.write(model, to: "files/plain.gguf")
        try site.behave(["cuts": [70_000], "version": "W/\"1\""])
        _ = try await site.pull(site.file("plain.gguf")).run { _ in }
        #expect(try site.deliveries(of: "plain.gguf").map { $0.headers["range"] } == [nil, nil])
    }

    @Test func aWebPageLeavesWhatHasArrived() async throws {
        try site.behave(["cuts": [70_000, 0, 0, 0]])
        #expect(await failure(of: site.pull(.hub("Tiny"))) != nil)
        try site.behave(["page": true])
        let error = await failure(of: site.pull(.hub("Tiny")))
        #expect(error == .notAModel(host: site.host, isWebPage: true))
        try site.behave([:])
        _ = try await site.pull(.hub("Tiny")).run { _ in }
        #expect(try isWhole())
        #expect(try ranges.last == "bytes=70000-")
    }

    @Test func aFileThatIsNoModelIsRefusedAtItsFirstBytes() async throws {
        try site.write(Array("<html>".utf8) + model, to: "hub/alice/Fake/fake-Q4_K_M.gguf")
        let error = await failure(of: site.pull(.hub("Fake")))
        #expect(error == .notAModel(host: site.host, isWebPage: true))
        #expect(site.entries().isEmpty)
    }

    // MARK: Stopping

    @Test func aStoppedPullGoesOnLater() async throws {
        try site.behave(["pause": 80_000])
        let cancellation = Cancellation()
        let error = await failure(of: site.pull(.hub("Tiny"), cancellation: cancellation)) { event in
            if case .progress(let bytes, _) = event, bytes >= 4 { cancellation.cancel() }
        }
        #expect(error == .cancelled)
        #expect(site.left() == [Self.partial, "\(Self.partial).json"])
        try site.behave([:])
        _ = try await site.pull(.hub("Tiny")).run { _ in }
        #expect(try isWhole())
        #expect(try ranges.last.flatMap { $0 } != nil)
    }

    @Test func aWaitingPullCanBeStopped() async throws {
        try site.behave(["statuses": Array(repeating: 503, count: 20)])
        var conditions = DownloadSite.conditions
        conditions.waits = [.seconds(600)]
        let cancellation = Cancellation()
        let pull = site.pull(.hub("Tiny"), cancellation: cancellation, conditions: conditions)
        let task = Task { await failure(of: pull) }
        while try ranges.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        cancellation.cancel()
        #expect(await task.value == .cancelled)
        #expect(site.entries().isEmpty)
    }

    // MARK: Partial files

    @Test(arguments: ["{", "{}", #"{"url":"x","sha256":"00"}"#])
    func partsOfSomethingElseAreDropped(notes: String) async throws {
        try site.write(Array(model.prefix(50_000)), to: "models/\(Self.partial)")
        try site.write(Array(notes.utf8), to: "models/\(Self.partial).json")
        _ = try await site.pull(.hub("Tiny")).run { _ in }
        #expect(try isWhole())
        #expect(try ranges == [nil])
    }

    @Test func aPartThatIsDamagedIsFetchedAgain() async throws {
        try site.behave(["cuts": [70_000, 0, 0, 0]])
        #expect(await failure(of: site.pull(.hub("Tiny"))) != nil)
        var part = try site.bytes(of: Self.partial)
        part[40_000] ^= 1
        try site.write(part, to: "models/\(Self.partial)")
        try site.behave([:])
        _ = try await site.pull(.hub("Tiny")).run { _ in }
        #expect(try isWhole())
        #expect(try ranges.suffix(2) == ["bytes=70000-", nil])
    }

    @Test func aCompletePartIsOnlyChecked() async throws {
        try site.behave(["cuts": [199_999, 0, 0, 0]])
        #expect(await failure(of: site.pull(.hub("Tiny"))) != nil)
        try site.write(model, to: "models/\(Self.partial)")
        let before = try ranges.count
        let log = EventLog()
        _ = try await site.pull(.hub("Tiny")).run { log.append($0) }
        #expect(try isWhole())
        #expect(try ranges.count == before)
        #expect(log.all.contains(.checking))
    }

    @Test func twoPullsOfOneFileDoNotMix() async throws {
        try site.behave(["gate": "open"])
        let started = Atomic(false)
        let first = site.pull(.hub("Tiny"))
        let task = Task {
            await failure(of: first) { if case .progress = $0 { started.store(true, ordering: .releasing) } }
        }
        while !started.load(ordering: .acquiring) { try await Task.sleep(for: .milliseconds(10)) }
        #expect(await failure(of: site.pull(.hub("Tiny"))) == .busy(file: "tiny-Q4_K_M.gguf"))
        try site.write([], to: "open")
        #expect(await task.value == nil)
        #expect(try isWhole())
    }
}
