import Chat
import Foundation
import HTTP
import TestSupport
import Testing

@testable import Downloads

/// Servers and disks that fail. Whatever happens, no incomplete file has its final name, and what has arrived is used.
@Suite struct FailureTests {
    let fixture: PullFixture
    private let content = PullFixture.content(200_000)

    init() async throws {
        fixture = try await PullFixture.started()
        try fixture.put("hub/alice/Tiny/T-Q8_0.gguf", content)
        try fixture.put("files/T.gguf", content)
    }

    private static let hub = "hf:alice/Tiny"
    private var url: String { "\(fixture.server)/files/T.gguf" }
    /// Where the bytes of the hub's file come from; its port differs from the API's.
    private var final: [UInt8]? { fixture.bytes("alice/Tiny/T-Q8_0.gguf") }
    private var published: [String] { fixture.files().filter { !$0.contains("/.pull-") && !$0.hasPrefix(".pull-") } }
    /// Ranges that were asked for from the port that delivers files.
    private var ranges: [String?] { fixture.requests().filter { $0.port == "files" }.map(\.range) }

    // MARK: Interruptions

    /// Cuts anywhere, with tries that bring nothing in between.
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func cutsAnywhereEndInTheSameBytes(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let cuts = (0..<3).map { _ in String(Int.random(in: 0..<120_000, using: &random)) }
        let ranges = Bool.random(using: &random)
        try fixture.scenario(#"{"cuts": [\#(cuts.joined(separator: ", "))], "ranges": \#(ranges)}"#)
        #expect(try await fixture.pull(Self.hub).run { _ in } == "T-Q8_0")
        #expect(final == content)
        #expect(fixture.files() == ["alice/Tiny/T-Q8_0.gguf"])
    }

    @Test func tooManyCutsAreReportedAndTheNextPullGoesOn() async throws {
        try fixture.scenario(#"{"cuts": [50000, 10, 10, 10, 10, 10]}"#)
        let error = await fixture.failure(try fixture.pull(Self.hub))
        guard case .network(.cut) = error else { throw error ?? .cancelled }
        #expect(published == [])
        #expect(fixture.files().contains("alice/Tiny/.pull-T-Q8_0.gguf"))
        let pull = try fixture.pull(Self.hub)
        #expect(try await pull.plan().presentBytes >= 50_000)
        try fixture.scenario("{}")
        #expect(try await pull.run { _ in } == "T-Q8_0")
        #expect(final == content)
        #expect(ranges.last?.map { $0.hasPrefix("bytes=50") } == true)
    }

    @Test func aBusyServerIsAskedAgain() async throws {
        try fixture.scenario(#"{"statuses": [503, 429, 200]}"#)
        #expect(try await fixture.pull(Self.hub).run { _ in } == "T-Q8_0")
        try fixture.scenario(#"{"statuses": [500, 500, 500, 500, 500, 500, 500, 500]}"#)
        try FileManager.default.removeItem(at: fixture.models)
        try fixture.put("hub/alice/Other/O-Q8_0.gguf", content)
        guard case .status(_, 500) = await fixture.failure(try fixture.pull("hf:alice/Other")) else {
            Issue.record("no status")
            return
        }
        #expect(fixture.files() == [])
    }

    @Test func aSilentServerIsLeft() async throws {
        try fixture.scenario(#"{"pause": 5000}"#)
        let error = await fixture.failure(
            try fixture.pull(Self.hub) {
                $0.silence = .milliseconds(300)
                $0.waits = []
            })
        guard case .network(.timedOut) = error else { throw error ?? .cancelled }
        #expect(published == [])
    }

    @Test func aStoppedPullGoesOnLater() async throws {
        try fixture.scenario(#"{"rate": 400000}"#)
        let cancellation = Cancellation()
        let pull = try fixture.pull(Self.hub, cancellation: cancellation)
        var error: PullError?
        do throws(PullError) {
            _ = try await pull.run { event in
                if case .progress(let bytes, _) = event, bytes > 40_000 { cancellation.cancel() }
            }
        } catch let caught {
            error = caught
        }
        #expect(error == .cancelled)
        #expect(published == [])
        try fixture.scenario("{}")
        let events = Events()
        #expect(try await fixture.pull(Self.hub).run(report: events.add) == "T-Q8_0")
        #expect(final == content)
        #expect(try #require(events.plan).presentBytes > 40_000)
        let last = try #require(ranges.last ?? nil)
        #expect(Int(last.dropFirst("bytes=".count).dropLast()) ?? 0 > 40_000)
    }

    // MARK: Lies

    /// Another version behind the same ETag is found by the checksum, and fetched once more as a whole.
    @Test func otherBytesOnResumeAreNoticed() async throws {
        try fixture.scenario(#"{"cuts": [60000], "other": true}"#)
        #expect(try await fixture.pull(Self.hub).run { _ in } == "T-Q8_0")
        #expect(final == content)
    }

    /// Without a checksum the ETag tells versions apart.
    @Test func aFileThatChangesIsFetchedAsAWhole() async throws {
        try fixture.scenario(#"{"cuts": [60000], "version": "changing", "other": true}"#)
        #expect(try await fixture.pull(url).run { _ in } == "T")
        #expect(fixture.bytes("T.gguf") == content)
    }

    @Test(arguments: [#"{"shift": 7, "cuts": [60000]}"#, #"{"version": null, "cuts": [60000]}"#])
    func partsOfOtherPositionsAreNotUsed(scenario: String) async throws {
        try fixture.scenario(scenario)
        #expect(try await fixture.pull(Self.hub).run { _ in } == "T-Q8_0")
        #expect(final == content)
    }

    @Test(arguments: [-1000, 1000])
    func aWrongLengthIsNotTrusted(difference: Int) async throws {
        try fixture.scenario(#"{"announce": \#(difference)}"#)
        let error = await fixture.failure(try fixture.pull(Self.hub))
        guard case .wrongLength("T-Q8_0.gguf", _, 200_000, 200_000 + difference) = error else {
            throw error ?? .cancelled
        }
        #expect(published == [])
    }

    @Test func moreBytesThanTheFileHasAreNotWritten() async throws {
        try fixture.scenario(#"{"length": false, "extra": 5000}"#)
        guard case .wrongLength = await fixture.failure(try fixture.pull(Self.hub)) else {
            Issue.record("not noticed")
            return
        }
        #expect(fixture.files() == [])
    }

    @Test func aWrongChecksumLeavesNothing() async throws {
        try fixture.scenario(#"{"sha256": "\#(String(repeating: "a", count: 64))"}"#)
        guard case .wrongChecksum("T-Q8_0.gguf", _) = await fixture.failure(try fixture.pull(Self.hub)) else {
            Issue.record("not noticed")
            return
        }
        #expect(fixture.files() == [])
    }

    @Test func aWebPageInsteadOfTheFileIsRefused() async throws {
        try fixture.scenario(#"{"page": true}"#)
        guard case .notAModel(_, true) = await fixture.failure(try fixture.pull(Self.hub)) else {
            Issue.record("not noticed")
            return
        }
        #expect(fixture.files() == [])
    }

    // MARK: This computer

    @Test func offlineNobodyIsContacted() async throws {
        var settings = ["HF_ENDPOINT": "http://192.0.2.1", "SOTTO_OFFLINE": "1", "HOME": fixture.root.path]
        func pull() throws -> ModelPull {
            ModelPull(
                try ModelAddress(Self.hub), into: fixture.models.path, settings: PullSettings(environment: settings),
                client: HTTPClient(.init()), memory: 1 << 34, cancellation: Cancellation())
        }
        #expect(await fixture.failure(try pull()) == .offline(host: "192.0.2.1"))
        // Nobody listens.
        let port = try LoopbackPort(listens: false)
        settings = ["HF_ENDPOINT": "http://127.0.0.1:\(port.number)", "HOME": fixture.root.path]
        guard case .network(.refused) = await fixture.failure(try pull()) else {
            Issue.record("not refused")
            return
        }
        settings["HF_ENDPOINT"] = "nonsense"
        #expect(await fixture.failure(try pull()) == .invalidEndpoint(variable: "HF_ENDPOINT"))
    }

    @Test func tooLittleDiskIsSaidBefore() async throws {
        let error = await fixture.failure(try fixture.pull(Self.hub) { $0.freeBytes = { _ in 1_000_000 } })
        #expect(error == .notEnoughDisk(folder: fixture.models.path, needed: 64_200_000, free: 1_000_000))
        #expect(fixture.files() == [])
        #expect(ranges == [])
        // A file of unknown length stops when the disk would be full.
        try fixture.scenario(#"{"length": false, "ranges": false}"#)
        let unknown = await fixture.failure(try fixture.pull(url) { $0.freeBytes = { _ in 64_100_000 } })
        guard case .notEnoughDisk = unknown else { throw unknown ?? .cancelled }
        #expect(published == [])
    }

    @Test func aFileInPlaceOfTheFolderIsNamed() async throws {
        try Data("x".utf8).write(to: fixture.models)
        let error = await fixture.failure(try fixture.pull(Self.hub))
        guard case .cannotWrite(let path, _) = error else { throw error ?? .cancelled }
        #expect(path.hasPrefix(fixture.models.path))
    }

    @Test func theSecondPullOfAFileIsToldSo() async throws {
        try fixture.scenario(#"{"rate": 200000}"#)
        let (first, second) = (try fixture.pull(Self.hub), try fixture.pull(Self.hub))
        let outcomes = await withTaskGroup(of: PullError?.self) { group in
            for pull in [first, second] { group.addTask { await fixture.failure(pull) } }
            return await group.reduce(into: [PullError?]()) { $0.append($1) }
        }
        #expect(outcomes.contains(nil))
        #expect(outcomes.contains(.busy(file: "T-Q8_0.gguf")))
        #expect(final == content)
    }

    /// Every error is one line of printable text.
    @Test func errorsAreOneLine() async throws {
        try fixture.scenario(#"{"statuses": [500, 500, 500, 500, 500]}"#)
        let error = await fixture.failure(try fixture.pull(Self.hub, token: true))
        let text = "\(try #require(error))"
        #expect(!text.contains("\n") && !text.contains(PullFixture.token))
    }
}
