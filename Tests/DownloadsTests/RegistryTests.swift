import Files
import Foundation
import Testing

@testable import Downloads

/// A registry with Ollama's protocol, with a real layout of manifests and blobs.
@Suite struct RegistryTests {
    let fixture: PullFixture

    init() async throws { fixture = try await PullFixture.started() }

    private static func digest(_ bytes: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    /// - Returns: the manifest.
    @discardableResult
    private func publish(
        _ path: String = "library/tiny/1b", weights: [UInt8] = PullFixture.content(5000)
    ) throws -> [UInt8] {
        let license = Array("MIT License\n\nCopyright".utf8)
        let config = Array(#"{"model_format": "gguf", "file_type": "Q8_0"}"#.utf8)
        let layers = [
            ("model", weights), ("system", Array("Be brief.".utf8)), ("params", Array(#"{"stop": ["<e>"]}"#.utf8)),
            ("license", license),
        ]
        func descriptor(_ type: String, _ bytes: [UInt8]) throws -> String {
            let digest = Self.digest(bytes)
            try fixture.put("registry/blobs/sha256-\(digest)", bytes)
            return #"{"mediaType": "\#(type)", "digest": "sha256:\#(digest)", "size": \#(bytes.count)}"#
        }
        let entries = try layers.map { try descriptor("application/vnd.ollama.image.\($0)", $1) }
        let manifest =
            #"{"schemaVersion": 2, "config": \#(try descriptor("application/vnd.docker.container.image.v1+json", config)), "#
            + #""layers": [\#(entries.joined(separator: ", "))]}"#
        return try fixture.put("registry/manifests/registry.ollama.ai/\(path)", Array(manifest.utf8))
    }

    @Test func theModelsFolderGetsTheSameLayout() async throws {
        let manifest = try publish()
        let events = Events()
        #expect(try await fixture.pull("ollama.com/tiny:1b").run(report: events.add) == "tiny:1b")
        #expect(fixture.bytes("manifests/registry.ollama.ai/library/tiny/1b") == manifest)
        let blobs = fixture.files().filter { $0.hasPrefix("blobs/") }
        #expect(blobs.count == 5)
        for blob in blobs {
            let bytes = try #require(fixture.bytes(blob))
            #expect(blob == "blobs/sha256-\(Self.digest(bytes))")
        }
        #expect(fixture.files().count == 6)
        let plan = try #require(events.plan)
        #expect(plan.address == "ollama.com/tiny:1b" && plan.format == "Q8_0" && plan.license == "MIT License")
        // Another tag with the same weights: only the manifest is new.
        try publish("alice/mine/latest")
        let count = fixture.requests().count
        #expect(try await fixture.pull("ollama.com/alice/mine").run { _ in } == "alice/mine:latest")
        #expect(fixture.bytes("manifests/registry.ollama.ai/alice/mine/latest") != nil)
        let weights = Self.digest(PullFixture.content(5000))
        #expect(fixture.requests().prefix(count).contains { $0.path.contains(weights) })
        #expect(!fixture.requests().dropFirst(count).contains { $0.path.contains(weights) })
        #expect(fixture.files().count { $0.hasPrefix("blobs/") } == 5)
    }

    @Test func anAnonymousTokenIsFetchedWhenTheRegistryAsks() async throws {
        try publish()
        try fixture.scenario(#"{"registryToken": "anonymous-1"}"#)
        #expect(try await fixture.pull("ollama.com/tiny:1b").run { _ in } == "tiny:1b")
        #expect(fixture.requests().allSatisfy { $0.port == "api" || $0.authorization == nil })
        // A realm elsewhere without encryption is not asked.
        try fixture.scenario(#"{"registryToken": "anonymous-1", "realm": "http://example.invalid/token"}"#)
        #expect(await fixture.failure(try fixture.pull("ollama.com/tiny:2b")) == .signInNeeded(host: fixture.host))
    }

    @Test func anUnknownTagNamesOthers() async throws {
        try publish()
        try fixture.scenario(#"{"tags": ["1b", "8b", "../x"]}"#)
        let error = await fixture.failure(try fixture.pull("ollama.com/tiny:2b"))
        guard case .notFound("tiny:2b", fixture.host, let near) = error else { throw error ?? .cancelled }
        #expect(!near.isEmpty && near.allSatisfy { ["tiny:1b", "tiny:8b"].contains($0) })
        #expect(fixture.files() == [])
    }

    @Test func damagedWeightsLeaveNoModel() async throws {
        // The same length and the same beginning, and other bytes.
        var weights = PullFixture.content(5000)
        try publish(weights: weights)
        let digest = Self.digest(weights)
        weights[4000] ^= 1
        try fixture.put("registry/blobs/sha256-\(digest)", weights)
        let error = await fixture.failure(try fixture.pull("ollama.com/tiny:1b"))
        #expect(error == .wrongChecksum(file: "sha256-\(digest)", host: fixture.host))
        #expect(!fixture.files().contains { $0.hasPrefix("manifests") || $0.contains(digest) })
    }

    @Test(arguments: [
        "", "[]", "<html>", #"{"layers": []}"#,
        #"{"layers": [{"mediaType": "x", "digest": "sha256:../../x", "size": 3}]}"#,
        #"{"layers": [{"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:00", "size": 3}]}"#,
    ])
    func whatIsNoManifestIsRefused(text: String) async throws {
        try fixture.put("registry/manifests/registry.ollama.ai/library/tiny/1b", Array(text.utf8))
        let error = await fixture.failure(try fixture.pull("ollama.com/tiny:1b"))
        guard case .malformed(fixture.host, _) = error else { throw error ?? .cancelled }
        #expect(fixture.files() == [])
    }
}
