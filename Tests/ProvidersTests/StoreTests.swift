import Chat
import Foundation
import GGUF
import Testing

@testable import Providers

/// Where models are found, and under which names.
struct StoreTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private func found(_ environment: [String: String] = [:]) -> [String: ModelStore?] {
        Dictionary(uniqueKeysWithValues: fixture.discovery(environment).models().map { ($0.reference.name, $0.store) })
    }

    @Test func everyStoreIsSearched() throws {
        try fixture.gguf("own/alice/repo/Own.gguf", mark: "1")
        try fixture.gguf("shelf/Shelf.gguf", mark: "2")
        try fixture.gguf("work/Work.gguf", mark: "3")
        try fixture.gguf("work/deeper/Deeper.gguf", mark: "4")
        try fixture.gguf(".lmstudio/models/publisher/model/Studio.gguf", mark: "5")
        try fixture.gguf(".cache/lm-studio/models/publisher/model/Old.gguf", mark: "6")
        try fixture.gguf(".cache/llama.cpp/owner_repo_Cached.gguf", mark: "7")
        try fixture.gguf(".cache/huggingface/hub/models--o--n/snapshots/abc/Hub.gguf", mark: "8")
        try fixture.weights(9)
        try fixture.manifest("registry.ollama.ai/library/tiny/1b", [("model", 9)])
        #expect(
            found(["SOTTO_MODELS": fixture.root.appending(path: "shelf").path]) == [
                "Own": .own, "Shelf": .folder, "Work": .folder, "Studio": .lmStudio, "Old": .lmStudio,
                "owner_repo_Cached": .llamaCpp, "Hub": .huggingFace, "tiny:1b": .ollama,
            ])
    }

    @Test func variablesNameTheFolders() throws {
        try fixture.gguf("hub/models--o--n/snapshots/abc/Hub.gguf", mark: "1")
        try fixture.gguf("llama/Cached.gguf", mark: "2")
        try fixture.gguf("llama/models--o--n/snapshots/abc/New.gguf", mark: "3")
        try fixture.weights(4, in: "elsewhere")
        try fixture.manifest("registry.ollama.ai/library/tiny/1b", [("model", 4)], in: "elsewhere")
        #expect(found().isEmpty)
        let root = fixture.root.path
        #expect(found(["LLAMA_CACHE": "\(root)/llama"]) == ["Cached": .llamaCpp, "New": .llamaCpp])
        #expect(found(["OLLAMA_MODELS": "~/elsewhere"]) == ["tiny:1b": .ollama])
        for (name, value) in [("HF_HUB_CACHE", "hub"), ("HUGGINGFACE_HUB_CACHE", "hub"), ("HF_HOME", "")] {
            #expect(found([name: "\(root)/\(value)"]) == ["Hub": .huggingFace], "\(name)")
        }
        try fixture.gguf("xdg/huggingface/hub/models--o--n/snapshots/abc/Other.gguf", mark: "5")
        try fixture.gguf("xdg/llama.cpp/Also.gguf", mark: "6")
        #if os(Linux)
            #expect(found(["XDG_CACHE_HOME": "\(root)/xdg"]) == ["Other": .huggingFace, "Also": .llamaCpp])
        #endif
    }

    @Test func ollamaServiceIsSearched() throws {
        try fixture.weights(1, in: "service")
        try fixture.manifest("registry.ollama.ai/library/tiny/1b", [("model", 1)], in: "service")
        let service = fixture.root.appending(path: "service").path
        let models = fixture.discovery(services: ["/nowhere", service]).models()
        #expect(models.map(\.reference.name) == ["tiny:1b"] && models.map(\.store) == [.ollama])
    }

    @Test func lmStudioFoldersComeFromItsOwnFiles() throws {
        let root = fixture.root.path
        try fixture.write(".lmstudio-home-pointer", "\(root)/studio\n")
        try fixture.write("studio/settings.json", #"{"downloadsFolder": "\#(root)/disk/models", "other": 1}"#)
        try fixture.gguf("studio/models/p/m/One.gguf", mark: "1")
        try fixture.gguf("disk/models/p/m/Two.gguf", mark: "2")
        #expect(found() == ["One": .lmStudio, "Two": .lmStudio])
        for damage in ["{", #"{"downloadsFolder": 3}"#, #"{"downloadsFolder": "models"}"#, ""] {
            try fixture.write("studio/settings.json", damage)
            #expect(found() == ["One": .lmStudio])
        }
    }

    @Test func hubCacheUsesTheRevisionOfMain() throws {
        let repository = ".cache/huggingface/hub/models--owner--name"
        let blob = try fixture.gguf("\(repository)/blobs/0123", mark: "old")
        let newer = try fixture.gguf("\(repository)/blobs/4567", mark: "new")
        try fixture.link("\(repository)/snapshots/aaa/Model.gguf", to: "../../blobs/0123")
        try fixture.link("\(repository)/snapshots/bbb/Q4/Model.gguf", to: "../../../blobs/4567")
        func target() throws -> String {
            let models = fixture.discovery().models()
            #expect(models.map(\.reference.name) == ["Model"] && models.allSatisfy { $0.problem == nil })
            return URL(filePath: try #require(models.first?.path)).resolvingSymlinksInPath().path
        }
        try fixture.write("\(repository)/refs/main", "aaa\n")
        #expect(try target() == blob)
        try fixture.write("\(repository)/refs/main", "bbb")
        #expect(try target() == newer)
        // A revision that is not there, and one that leads out of the folder: the newest counts.
        for text in ["ccc", "../../../..", ""] {
            try fixture.write("\(repository)/refs/main", text)
            let old = fixture.root.appending(path: "\(repository)/snapshots/aaa").path
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: old)
            #expect(try target() == newer)
        }
    }

    // MARK: Names

    @Test func sameFileIsListedOnceUnderItsFirstName() throws {
        let file = try fixture.gguf("own/First.gguf")
        try fixture.link("own/Again.gguf", to: "First.gguf")
        try fixture.link(".lmstudio/models/p/m/Studio.gguf", to: file)
        let hardLink = fixture.root.appending(path: ".cache/llama.cpp/Hard.gguf")
        try FileManager.default.createDirectory(
            at: hardLink.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.linkItem(at: URL(filePath: file), to: hardLink)
        #expect(fixture.names() == ["Again"])
        // The other names still work.
        #expect(try fixture.discovery().find("Hard").path == hardLink.path)
    }

    @Test func differentFilesOfOneNameAreAllListed() throws {
        try fixture.gguf("own/Small.gguf", mark: "1")
        try fixture.gguf(".lmstudio/models/publisher/repo/Small.gguf", mark: "2")
        try fixture.gguf(".cache/huggingface/hub/models--owner--name/snapshots/abc/Q4/Small.gguf", mark: "3")
        try fixture.gguf(".cache/llama.cpp/Small.gguf", mark: "4")
        #expect(Set(fixture.names()) == ["Small", "publisher/repo/Small", "owner/name/Q4/Small", "llama.cpp/Small"])
        #expect(try fixture.discovery().find("Small").store == .own)
        #expect(try fixture.discovery().find("owner/name/Q4/Small").store == .huggingFace)
        // A long name also works while the short one is free.
        try fixture.remove("own/Small.gguf")
        #expect(try fixture.discovery().find("publisher/repo/Small").reference.name == "Small")
    }

    @Test func thirdFileOfANameIsListedByItsPath() throws {
        try fixture.gguf("own/Small.gguf", mark: "1")
        try fixture.gguf(".lmstudio/models/a/b/Small.gguf", mark: "2")
        let third = try fixture.gguf(".cache/lm-studio/models/a/b/Small.gguf", mark: "3")
        #expect(Set(fixture.names()) == ["Small", "a/b/Small", third])
        #expect(try fixture.discovery().find(third).reference.name == third)
    }
}
