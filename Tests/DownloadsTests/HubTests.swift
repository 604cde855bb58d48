import Chat
import Foundation
import Testing

@testable import Downloads

/// Pulls from a hub on this computer, whose files are on another port.
@Suite struct HubTests {
    let site: DownloadSite
    private let model = DownloadSite.model(300_000)

    init() async throws {
        site = try await .started()
        try site.write(model, to: "hub/alice/Tiny-GGUF/tiny-Q4_K_M.gguf")
        try site.write(DownloadSite.model(500_000, seed: 2), to: "hub/alice/Tiny-GGUF/tiny-Q8_0.gguf")
    }

    @Test func aModelIsPutInPlace() async throws {
        let log = EventLog()
        let name = try await site.pull(.hub("Tiny-GGUF")).run { log.append($0) }
        #expect(name == "tiny-Q4_K_M")
        #expect(site.left() == ["alice/Tiny-GGUF/tiny-Q4_K_M.gguf"])
        #expect(try site.bytes(of: "alice/Tiny-GGUF/tiny-Q4_K_M.gguf") == model)
        let plan = PullPlan(
            address: "hf.co/alice/Tiny-GGUF:Q4_K_M", format: "Q4_K_M", bytes: 300_000,
            memoryBytes: MemoryEstimate.byteCount(fileBytes: 300_000), license: "apache-2.0")
        #expect(log.all.first == .planned(plan))
        #expect(log.all.last == .progress(bytes: 300_000, of: 300_000))
    }

    @Test func planningDownloadsNothing() async throws {
        let plan = try await site.pull(.hub("Tiny-GGUF", quant: "q8_0")).plan()
        #expect(plan.format == "Q8_0" && plan.bytes == 500_000)
        #expect(site.entries().isEmpty)
        #expect(try site.requests().allSatisfy { $0.port == "api" })
    }

    @Test func allPartsOfASplitModelAreFetched() async throws {
        let parts = [DownloadSite.model(90_000, seed: 3), DownloadSite.model(70_000, seed: 4)]
        for (number, part) in parts.enumerated() {
            try site.write(part, to: "hub/alice/Split/big-Q4_K_M-0000\(number + 1)-of-00002.gguf")
        }
        let name = try await site.pull(.hub("Split")).run { _ in }
        #expect(name == "big-Q4_K_M")
        for (number, part) in parts.enumerated() {
            #expect(try site.bytes(of: "alice/Split/big-Q4_K_M-0000\(number + 1)-of-00002.gguf") == part)
        }
    }

    @Test func aModelThatIsHereIsNotFetchedAgain() async throws {
        let pull = site.pull(.hub("Tiny-GGUF"))
        _ = try await pull.run { _ in }
        #expect(try await pull.plan().presentBytes == 300_000)
        _ = try await pull.run { _ in }
        #expect(try site.deliveries(of: "tiny-Q4_K_M.gguf").count == 1)
        #expect(site.left() == ["alice/Tiny-GGUF/tiny-Q4_K_M.gguf"])
    }

    @Test func anOlderFileIsReplacedOnlyWhenTheNewOneIsComplete() async throws {
        let file = "alice/Tiny-GGUF/tiny-Q4_K_M.gguf"
        let older = DownloadSite.model(300_000, seed: 9)
        try site.write(older, to: "models/\(file)")
        try site.behave(["cuts": Array(repeating: 100, count: 10)])
        #expect(await failure(of: site.pull(.hub("Tiny-GGUF"))) != nil)
        #expect(try site.bytes(of: file) == older)
        try site.behave([:])
        _ = try await site.pull(.hub("Tiny-GGUF")).run { _ in }
        #expect(try site.bytes(of: file) == model)
    }

    // MARK: Tokens

    private static let token = ["HF_TOKEN": "hf_5a1cE"]

    @Test func theTokenGoesToTheHubOnly() async throws {
        try site.behave(["token": "hf_5a1cE", "gated": "manual"])
        _ = try await site.pull(.hub("Tiny-GGUF"), environment: Self.token).run { _ in }
        let requests = try site.requests()
        #expect(requests.contains { $0.port == "api" && $0.headers["authorization"] == "Bearer hf_5a1cE" })
        #expect(requests.filter { $0.port == "files" }.allSatisfy { $0.headers["authorization"] == nil })
        #expect(requests.contains { $0.port == "files" })
    }

    @Test func theTokenIsReadFromTheFileOfOtherPrograms() async throws {
        try site.write(Array("hf_5a1cE\n".utf8), to: ".cache/huggingface/token")
        try site.behave(["token": "hf_5a1cE", "gated": "manual"])
        #expect(try await site.pull(.hub("Tiny-GGUF")).run { _ in } == "tiny-Q4_K_M")
    }

    @Test func aMissingTokenIsNamed() async throws {
        try site.behave(["token": "hf_5a1cE"])
        let error = await failure(of: site.pull(.hub("Tiny-GGUF")))
        #expect(error == .notFoundOrPrivate("alice/Tiny-GGUF", host: site.host, near: ["alice/Tiny-GGUF"]))
        #expect(error.map { "\($0)".contains("HF_TOKEN") } == true)
    }

    @Test func aRefusedTokenIsReportedWithoutIt() async throws {
        try site.behave(["token": "hf_5a1cE"])
        let error = await failure(of: site.pull(.hub("Tiny-GGUF"), environment: ["HF_TOKEN": "hf_wr0ng"]))
        #expect(error == .tokenRefused(host: site.host, source: "HF_TOKEN"))
        #expect(error.map { "\($0)".contains("HF_TOKEN") && !"\($0)".contains("hf_wr0ng") } == true)
    }

    @Test func aGatedRepositoryNamesThePageWithTheTerms() async throws {
        let page = "\(site.address)/alice/Tiny-GGUF"
        try site.behave(["gated": "manual", "token": "hf_5a1cE"])
        let without = await failure(of: site.pull(.hub("Tiny-GGUF")))
        #expect(without == .gated(page: page, hasToken: false))
        try site.behave(["gated": "manual", "token": "hf_5a1cE", "terms": false])
        let with = await failure(of: site.pull(.hub("Tiny-GGUF"), environment: Self.token))
        #expect(with == .gated(page: page, hasToken: true))
        #expect(with.map { "\($0)".contains(page) } == true)
        #expect(site.entries().isEmpty)
    }

    // MARK: What is not there

    @Test func similarRepositoriesAreNamed() async throws {
        try site.behave(["token": "hf_5a1cE"])
        let error = await failure(
            of: site.pull(.huggingFace(owner: "bob", name: "Tiny", quant: nil), environment: Self.token))
        #expect(error == .notFound("bob/Tiny", host: site.host, near: ["alice/Tiny-GGUF"]))
        let mistyped = await failure(of: site.pull(.hub("Tony-GGUF"), environment: Self.token))
        #expect(mistyped == .notFound("alice/Tony-GGUF", host: site.host, near: ["alice/Tiny-GGUF"]))
    }

    @Test func aRepositoryWithoutGGUFSaysSo() async throws {
        try site.write([1], to: "hub/alice/Raw/model.safetensors")
        #expect(await failure(of: site.pull(.hub("Raw"))) == .noGGUF("alice/Raw", hasSafetensors: true))
        try site.write([1], to: "hub/alice/Empty/README.md")
        #expect(await failure(of: site.pull(.hub("Empty"))) == .noGGUF("alice/Empty", hasSafetensors: false))
    }

    /// The configuration comes last: until then the folder is no model.
    @Test func aRepositoryOfPyTorchIsFetchedAsAFolder() async throws {
        let files: [String: [UInt8]] = [
            "config.json": Array("{}".utf8), "tokenizer.json": Array("[]".utf8), "model.safetensors": model,
            "onnx/model.safetensors": [1], "pytorch_model.bin": [2], "README.md": [3],
        ]
        for (name, bytes) in files { try site.write(bytes, to: "hub/alice/Raw/\(name)") }
        let name = try await site.pull(.hub("Raw")).run { _ in }
        #expect(name == "Raw")
        #expect(site.left() == ["config.json", "model.safetensors", "tokenizer.json"].map { "alice/Raw/\($0)" })
        #expect(try site.bytes(of: "alice/Raw/model.safetensors") == model)
        let requests = try site.requests().map(\.path).filter { $0.contains("/resolve/") }
        #expect(requests.last?.hasSuffix("config.json") == true)
        #expect(
            await failure(of: site.pull(.hub("Raw", quant: "Q4_K_M"))) == .noGGUF("alice/Raw", hasSafetensors: true))
    }

    @Test func namesThatLeadElsewhereAreIgnored() async throws {
        let names = [
            "../../evil-Q4_K_M.gguf", "/etc/evil.gguf", ".hidden.gguf", "a/../b.gguf", "x\u{1B}[2J.gguf", "a\\b.gguf",
        ]
        let siblings = names.map { ["rfilename": $0, "size": 4] as [String: Any] }
        try site.write([1], to: "hub/alice/Evil/README.md")
        try site.behave(["siblings": siblings])
        #expect(await failure(of: site.pull(.hub("Evil"))) == .noGGUF("alice/Evil", hasSafetensors: false))
    }

    @Test func offlineModeRefuses() async throws {
        let environment = ["HF_ENDPOINT": "https://huggingface.co", "SOTTO_OFFLINE": "1"]
        let error = await failure(of: site.pull(.hub("Tiny-GGUF"), environment: environment))
        #expect(error == .offline(host: "huggingface.co"))
        #expect(await failure(of: site.pull(.package, environment: environment)) == .offline(host: "The package index"))
    }

    @Test func aWrongEndpointIsNamed() async throws {
        let error = await failure(of: site.pull(.hub("Tiny-GGUF"), environment: ["HF_ENDPOINT": "mirror"]))
        #expect(error == .invalidEndpoint(variable: "HF_ENDPOINT"))
    }
}
