import Chat
import Foundation
import Testing

@testable import Downloads

/// Repositories of the Hugging Face hub.
@Suite struct HubTests {
    let fixture: PullFixture

    init() async throws { fixture = try await PullFixture.started() }

    private func repository(_ files: [String], bytes: Int = 3000) throws {
        for (index, file) in files.enumerated() {
            try fixture.put("hub/alice/Tiny/\(file)", PullFixture.content(bytes, seed: UInt64(index + 1)))
        }
    }

    @Test func theUsualFormatIsPulledWithItsChecksum() async throws {
        try repository(["Tiny-Q8_0.gguf", "Tiny-Q4_K_M.gguf", "mmproj-Tiny-Q4_K_M.gguf", "README.md"])
        let events = Events()
        let pull = try fixture.pull("hf:alice/Tiny")
        #expect(try await pull.run(report: events.add) == "Tiny-Q4_K_M")
        #expect(fixture.files() == ["alice/Tiny/Tiny-Q4_K_M.gguf"])
        #expect(fixture.bytes("alice/Tiny/Tiny-Q4_K_M.gguf") == PullFixture.content(3000, seed: 2))
        let plan = try #require(events.plan)
        #expect(plan.address == "hf.co/alice/Tiny:Q4_K_M")
        #expect(plan.format == "Q4_K_M" && plan.bytes == 3000 && plan.license == "apache-2.0" && plan.note == nil)
        #expect(plan.memoryBytes == MemoryEstimate.byteCount(fileBytes: 3000))
        #expect(events.progress.last?.bytes == 3000)
        #expect(events.progress.allSatisfy { $0.total == 3000 })
        // Again: nothing is fetched.
        let count = fixture.requests().count { $0.port == "files" }
        #expect(try await pull.plan().presentBytes == 3000)
        #expect(try await pull.run { _ in } == "Tiny-Q4_K_M")
        #expect(fixture.requests().count { $0.port == "files" } == count)
    }

    /// All files have three gigabytes, as the hub says it.
    @Test func theChoiceDependsOnTheMemory() async throws {
        try fixture.scenario(
            """
            {"siblings": [
              {"rfilename": "T-Q4_K_M.gguf", "size": 5000000000}, {"rfilename": "T-Q2_K.gguf", "size": 2000000000},
              {"rfilename": "T-Q3_K_M.gguf", "size": 3000000000}]}
            """)
        try repository(["README.md"])
        let roomy = try await fixture.pull("hf:alice/Tiny").plan()
        #expect(roomy.format == "Q4_K_M" && roomy.note == nil)
        let small = try await fixture.pull("hf:alice/Tiny", memory: 4_000_000_000).plan()
        #expect(small.format == "Q3_K_M")
        #expect(small.note == "Q4_K_M needs 6.0 GB of memory, this computer has 4.0 GB")
        let tiny = await fixture.failure(try fixture.pull("hf:alice/Tiny", memory: 2_000_000_000))
        #expect(
            tiny == .tooLargeForMemory(smallest: "Q2_K", needed: 2_712_000_000, memory: 2_000_000_000))
        // What the user names is pulled, with a warning.
        let named = try await fixture.pull("hf:alice/Tiny:q4_k_m", memory: 4_000_000_000).plan()
        #expect(named.format == "Q4_K_M" && named.note != nil)
    }

    @Test func formatsAndFilesCanBeNamed() async throws {
        try repository(["T-Q8_0.gguf", "T-UD-Q4_K_XL.gguf", "deep/Other.gguf"])
        #expect(try await fixture.pull("hf:alice/Tiny:q8_0").plan().format == "Q8_0")
        #expect(try await fixture.pull("hf:alice/Tiny:UD-Q4_K_XL").plan().format == "UD-Q4_K_XL")
        #expect(try await fixture.pull("hf:alice/Tiny:Q4_K_XL").plan().format == "UD-Q4_K_XL")
        #expect(try await fixture.pull("hf:alice/Tiny:deep/Other.gguf").run { _ in } == "Other")
        let unknown = await fixture.failure(try fixture.pull("hf:alice/Tiny:Q5_0"))
        #expect("\(unknown, default: "")".hasPrefix("There is no Q5_0. Available: "))
        #expect("\(unknown, default: "")".contains("UD-Q4_K_XL"))
    }

    @Test func allPartsOfASplitModelAreFetched() async throws {
        try repository(["T-Q8_0-00001-of-00002.gguf", "T-Q8_0-00002-of-00002.gguf", "T-Q4_0-00001-of-00003.gguf"])
        #expect(try await fixture.pull("hf:alice/Tiny").run { _ in } == "T-Q8_0")
        #expect(fixture.files() == ["alice/Tiny/T-Q8_0-00001-of-00002.gguf", "alice/Tiny/T-Q8_0-00002-of-00002.gguf"])
    }

    @Test func whatIsNotThereIsSaid() async throws {
        try repository(["model.safetensors"])
        try fixture.put("hub/bob/Tiny-GGUF/T-Q8_0.gguf", PullFixture.content(20))
        let none = await fixture.failure(try fixture.pull("hf:alice/Tiny"))
        #expect(none == .noGGUF("alice/Tiny", hasSafetensors: true))
        let wrong = await fixture.failure(try fixture.pull("hf:bob/Tiny"))
        #expect(
            wrong == .notFoundOrPrivate("bob/Tiny", host: fixture.host, near: ["alice/Tiny", "bob/Tiny-GGUF"]))
        #expect("\(wrong, default: "")".contains("Similar: alice/Tiny, bob/Tiny-GGUF"))
        let known = await fixture.failure(try fixture.pull("hf:bob/Tiny", token: true))
        #expect(known == .notFound("bob/Tiny", host: fixture.host, near: ["alice/Tiny", "bob/Tiny-GGUF"]))
    }

    /// Names from the hub never leave the models folder.
    @Test(arguments: ["../../evil.gguf", "/etc/evil.gguf", "a/../../evil.gguf", ".hidden.gguf", "a\\u001b[1m.gguf", ""])
    func hostileNamesAreLeftOut(name: String) async throws {
        try repository(["README.md"])
        try fixture.scenario(#"{"siblings": [{"rfilename": "\#(name)", "size": 10}]}"#)
        #expect(
            await fixture.failure(try fixture.pull("hf:alice/Tiny")) == .noGGUF("alice/Tiny", hasSafetensors: false))
        #expect(fixture.files() == [])
    }

    // MARK: Access

    @Test func theTokenGoesToTheHubOnly() async throws {
        try repository(["T-Q8_0.gguf"])
        try fixture.scenario(#"{"token": "\#(PullFixture.token)", "gated": "auto"}"#)
        #expect(try await fixture.pull("hf:alice/Tiny", token: true).run { _ in } == "T-Q8_0")
        let requests = fixture.requests()
        #expect(requests.contains { $0.port == "files" })
        for request in requests {
            #expect(request.authorization == (request.port == "files" ? nil : "Bearer \(PullFixture.token)"))
        }
    }

    @Test func restrictedRepositoriesSayWhatToDo() async throws {
        try repository(["T-Q8_0.gguf"])
        let page = "\(fixture.server)/alice/Tiny"
        try fixture.scenario(#"{"token": "\#(PullFixture.token)", "gated": "manual", "terms": false}"#)
        #expect(await fixture.failure(try fixture.pull("hf:alice/Tiny")) == .gated(page: page, hasToken: false))
        let refused = await fixture.failure(try fixture.pull("hf:alice/Tiny", token: true))
        #expect(refused == .gated(page: page, hasToken: true))
        #expect("\(refused, default: "")".contains("Accept the terms at \(page)"))
        try fixture.scenario(#"{"token": "another"}"#)
        let wrong = await fixture.failure(try fixture.pull("hf:alice/Tiny", token: true))
        #expect(wrong == .tokenRefused(host: fixture.host, source: "HF_TOKEN"))
        for error in [refused, wrong] { #expect(!"\(error, default: "")".contains(PullFixture.token)) }
        #expect(fixture.files() == [])
    }
}
