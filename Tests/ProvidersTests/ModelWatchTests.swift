import Foundation
import Testing

@testable import Providers

/// Changes on disk are noticed from the dates of folders and files.
struct ModelWatchTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    @Test func nothingChangesByItself() throws {
        try fixture.gguf("own/Small.gguf")
        let watch = Watcher(fixture.discovery())
        #expect(!watch.hasChanged() && !watch.hasChanged())
        // Files that are not models do not count.
        try fixture.write("own/notes.txt", "x")
        #expect(!watch.hasChanged() && !watch.hasChanged())
    }

    @Test func modelsThatAppearAndDisappearAreReportedOnce() throws {
        let watch = Watcher(fixture.discovery())
        func isReportedOnce() -> Bool { watch.hasChanged() && !watch.hasChanged() && !watch.hasChanged() }
        try fixture.gguf("own/new/folder/Small.gguf", mark: "1")
        #expect(isReportedOnce())
        // A store that did not exist when watching began.
        try fixture.gguf(".lmstudio/models/p/m/Studio.gguf", mark: "2")
        #expect(isReportedOnce())
        try fixture.gguf(".cache/huggingface/hub/models--o--n/snapshots/abc/Q4/Hub.gguf", mark: "3")
        #expect(isReportedOnce())
        try fixture.gguf(".cache/llama.cpp/Cached.gguf", mark: "4")
        #expect(isReportedOnce())
        try fixture.weights(5)
        #expect(!watch.hasChanged())
        try fixture.manifest("registry.ollama.ai/library/tiny/1b", [("model", 5)])
        #expect(isReportedOnce())
        try fixture.manifest("registry.ollama.ai/library/tiny/2b", [("model", 5)])
        #expect(isReportedOnce())
        try fixture.remove(".ollama/models/manifests/registry.ollama.ai/library/tiny/1b")
        #expect(isReportedOnce())
        try fixture.remove("own/new")
        #expect(isReportedOnce())
    }

    /// A file that is being copied is reported when it appears, and again when it is complete.
    @Test func growingFileIsReportedWhenItRests() throws {
        try fixture.write("own/Big.gguf", "GGUF")
        let watch = Watcher(fixture.discovery())
        for count in 5...8 {
            try fixture.write("own/Big.gguf", String(repeating: "G", count: count))
            #expect(!watch.hasChanged())
        }
        #expect(watch.hasChanged())
        #expect(!watch.hasChanged())
    }

    @Test func changedManifestIsReported() throws {
        try fixture.weights(1)
        try fixture.blob(2, "Be brief.")
        try fixture.manifest("registry.ollama.ai/alice/mine/latest", [("model", 1)])
        let watch = Watcher(fixture.discovery())
        try fixture.manifest("registry.ollama.ai/alice/mine/latest", [("model", 1), ("system", 2)])
        #expect(watch.hasChanged())
        #expect(!watch.hasChanged())
    }

    private final class Watcher {
        private var watch: ModelWatch

        init(_ discovery: ModelDiscovery) { watch = ModelWatch(discovery) }

        func hasChanged() -> Bool { watch.hasChanged() }
    }
}
