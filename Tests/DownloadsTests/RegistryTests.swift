import Chat
import Foundation
import Testing

@testable import Downloads

/// Pulls from a registry on this computer that has a store in Ollama's layout.
@Suite struct RegistryTests {
    let site: DownloadSite
    private let weights = DownloadSite.model(200_000)
    private let template = Array("{{ .Prompt }}".utf8)
    private let license = Array("LLAMA 3.2 COMMUNITY LICENSE\nmore".utf8)
    private let config = Array(#"{"model_format":"gguf","file_type":"Q8_0"}"#.utf8)

    init() async throws {
        site = try await .started()
        try store("library/tiny/1b")
    }

    /// Writes a model to the registry. Returns its manifest.
    @discardableResult
    private func store(_ path: String, extra: [(type: String, bytes: [UInt8])] = []) throws -> [UInt8] {
        let layers: [(type: String, bytes: [UInt8])] = [
            ("model", weights), ("template", template), ("license", license),
        ]
        let described = try (layers + extra).map { layer in
            try blob(layer.bytes, type: "application/vnd.ollama.image.\(layer.type)")
        }
        let manifest: [String: Any] = [
            "schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "config": try blob(config, type: "application/vnd.docker.container.image.v1+json"), "layers": described,
        ]
        let bytes = Array(try JSONSerialization.data(withJSONObject: manifest))
        try site.write(bytes, to: "registry/manifests/registry.ollama.ai/\(path)")
        return bytes
    }

    private func blob(_ bytes: [UInt8], type: String) throws -> [String: Any] {
        let digest = DownloadSite.digest(bytes)
        try site.write(bytes, to: "registry/blobs/sha256-\(digest)")
        return ["mediaType": type, "digest": "sha256:\(digest)", "size": bytes.count]
    }

    private func path(_ bytes: [UInt8]) -> String { "blobs/sha256-\(DownloadSite.digest(bytes))" }

    private static let tiny = ModelAddress.ollama(host: nil, namespace: "library", name: "tiny", tag: "1b")

    @Test func aModelIsLaidOutAsInOllamasStore() async throws {
        let manifest = try store("library/tiny/1b")
        #expect(try await site.pull(Self.tiny).run { _ in } == "tiny:1b")
        let blobs = [weights, template, license, config].map(path)
        #expect(site.left() == (blobs + ["manifests/registry.ollama.ai/library/tiny/1b"]).sorted())
        #expect(try site.bytes(of: "manifests/registry.ollama.ai/library/tiny/1b") == manifest)
        for bytes in [weights, template, license, config] { #expect(try site.bytes(of: path(bytes)) == bytes) }
    }

    @Test func thePlanKnowsFormatAndLicense() async throws {
        let plan = try await site.pull(Self.tiny, memory: 1000).plan()
        #expect(plan.address == "ollama.com/tiny:1b" && plan.format == "Q8_0")
        #expect(plan.bytes == [weights, template, license, config].reduce(0) { $0 + $1.count })
        #expect(plan.license == "LLAMA 3.2 COMMUNITY LICENSE")
        #expect(plan.note?.hasPrefix("It needs") == true)
        #expect(site.entries().isEmpty)
    }

    @Test func usersAndOtherHostsHaveTheirOwnPlaces() async throws {
        try store("alice/mine/v2")
        let name = try await site.pull(.ollama(host: nil, namespace: "alice", name: "mine", tag: "v2")).run { _ in }
        #expect(name == "alice/mine:v2")
        #expect(site.left().contains("manifests/registry.ollama.ai/alice/mine/v2"))
        let host = "localhost:\(site.port)"
        let other = try await site.pull(.ollama(host: host, namespace: "alice", name: "mine", tag: "v2")).run { _ in }
        #expect(other == "\(host)/alice/mine:v2")
        #expect(site.left().contains("manifests/\(host)/alice/mine/v2"))
    }

    @Test func theManifestComesLast() async throws {
        try site.behave(["cuts": [nil, 10, 10, 10, 10, 10]])
        try FileManager.default.removeItem(at: site.root.appending(path: "registry/\(path(license))"))
        #expect(await failure(of: site.pull(Self.tiny)) == .notFound("tiny:1b", host: site.host, near: []))
        #expect(!site.left().contains { $0.hasPrefix("manifests") })
        #expect(site.left().contains(path(weights)))
    }

    @Test func blobsThatAreHereAreNotFetchedAgain() async throws {
        try store("library/tiny/other", extra: [("system", Array("Be brief.".utf8))])
        _ = try await site.pull(Self.tiny).run { _ in }
        let other = ModelAddress.ollama(host: nil, namespace: "library", name: "tiny", tag: "other")
        _ = try await site.pull(other).run { _ in }
        #expect(try site.deliveries(of: DownloadSite.digest(weights)).count == 1)
    }

    @Test func anAnonymousTokenIsFetchedAndKeptFromOthers() async throws {
        try site.behave(["registryToken": "t0k3n"])
        #expect(try await site.pull(Self.tiny).run { _ in } == "tiny:1b")
        let requests = try site.requests()
        let asked = try #require(requests.first { $0.path == "/token" })
        #expect(asked.query == "service=registry&scope=repository%3Atiny%3Apull")
        #expect(requests.filter { $0.port == "files" }.allSatisfy { $0.headers["authorization"] == nil })
    }

    @Test func aTokenIsNotFetchedFromAnotherServerInTheClear() async throws {
        try site.behave(["registryToken": "t0k3n", "realm": "http://localhost:\(site.port)/token"])
        #expect(await failure(of: site.pull(Self.tiny)) == .signInNeeded(host: site.host))
        #expect(try !site.requests().contains { $0.path == "/token" })
    }

    @Test func nearTagsAreNamed() async throws {
        try site.behave(["tags": ["1b", "3b", "\u{1B}[2J"]])
        let wrong = ModelAddress.ollama(host: nil, namespace: "library", name: "tiny", tag: "2b")
        #expect(await failure(of: site.pull(wrong)) == .notFound("tiny:2b", host: site.host, near: ["tiny:1b"]))
        try site.behave([:])
        #expect(await failure(of: site.pull(wrong)) == .notFound("tiny:2b", host: site.host, near: []))
    }

    @Test(arguments: [
        "", "[]", "<html>", #"{"layers":[]}"#,
        #"{"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:../../x","size":1}]}"#,
        #"{"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"md5:00","size":1}]}"#,
        #"{"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:\#(String(repeating: "a", count: 64))","size":-1}]}"#,
        #"{"layers":[{"mediaType":"other","digest":"sha256:\#(String(repeating: "a", count: 64))","size":1}]}"#,
    ])
    func otherManifestsAreRefused(text: String) async throws {
        try site.write(Array(text.utf8), to: "registry/manifests/registry.ollama.ai/library/tiny/1b")
        guard case .malformed = await failure(of: site.pull(Self.tiny)) else {
            Issue.record("accepted")
            return
        }
        #expect(site.entries().isEmpty)
    }

    @Test func aWrongBlobIsRefused() async throws {
        var other = weights
        other[weights.count - 1] ^= 1
        try site.write(other, to: "registry/\(path(weights))")
        let error = await failure(of: site.pull(Self.tiny))
        #expect(
            error == .wrongChecksum(file: "sha256-\(DownloadSite.digest(weights))", host: site.host))
        #expect(site.entries().isEmpty)
    }

    @Test func largeLayersOfUnknownTypesAreLeftOut() throws {
        let digest = String(repeating: "a", count: 64)
        func layer(_ type: String, _ size: Int, _ digit: String) -> String {
            #"{"mediaType":"application/vnd.ollama.image.\#(type)","digest":"sha256:\#(digest.dropLast() + digit)","size":\#(size)}"#
        }
        let text =
            "{\"layers\":[\(layer("model", 5 << 30, "0")),\(layer("new", 1 << 30, "1")),\(layer("new", 10, "2"))]}"
        let manifest = try #require(RegistryManifest(Array(text.utf8)))
        #expect(manifest.blobs.map(\.bytes) == [5 << 30, 10])
    }
}
