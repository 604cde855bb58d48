import Chat
import Foundation
import Providers
import Testing

/// Import into the models folder, export and removal.
final class ModelFolderTests {
    private let root: URL
    private var own: URL { root.appending(path: "home/models") }
    private var folder: ModelFolder { ModelFolder(own.path) }

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "model-folder-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// A file of more than two blocks, so that copying can be cancelled in the middle.
    private func model(_ name: String = "Big.gguf", in folder: String = "elsewhere") throws -> ModelInfo {
        let file = root.appending(path: "\(folder)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((0..<9_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }).write(to: file)
        return ModelInfo(reference: ModelReference(provider: "local", name: "Big"), path: file.path)
    }

    private func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path).sorted()
    }

    @discardableResult
    private func export(_ model: ModelInfo, to name: String, stoppingAfter share: Double = 2) throws -> String {
        let cancellation = Cancellation()
        return try ModelFolder.export(model, to: root.appending(path: "out/\(name)").path, cancellation: cancellation) {
            if $0 > share { cancellation.cancel() }
        }
    }

    @Test func copyInAFolderHasTheModelsName() throws {
        var model = try model()
        model.reference.name = "library/qwen3:0.6b"
        try FileManager.default.createDirectory(at: root.appending(path: "out"), withIntermediateDirectories: true)
        #expect(try export(model, to: "").hasSuffix("/out/qwen3:0.6b.gguf"))
        #expect(try names(in: "out") == ["qwen3:0.6b.gguf"])
        #expect(throws: ModelFileError.self) { try export(model, to: "") }
    }

    /// A folder of Hugging Face's libraries is copied and removed as a whole, with nothing that does not belong to it.
    @Test func foldersOfHuggingFaceStayTogether() throws {
        let raw = own.appending(path: "Raw")
        try FileManager.default.createDirectory(at: raw, withIntermediateDirectories: true)
        for name in ["config.json", "model.safetensors", "tokenizer.json", "notes.pdf", ".git"] {
            try Data(repeating: 1, count: 9_000_000).write(to: raw.appending(path: name))
        }
        let model = ModelInfo(reference: ModelReference(provider: "local", name: "Raw"), path: raw.path)
        try FileManager.default.createDirectory(at: root.appending(path: "out"), withIntermediateDirectories: true)
        #expect(throws: CancellationError.self) { try export(model, to: "", stoppingAfter: 0.4) }
        #expect(try names(in: "out") == [])
        #expect(try export(model, to: "").hasSuffix("/out/Raw"))
        #expect(try names(in: "out/Raw") == ["config.json", "model.safetensors", "tokenizer.json"])
        #expect(throws: ModelFileError.self) { try export(model, to: "") }
        try folder.remove(model)
        #expect(try names(in: "home/models/Raw") == [".git", "notes.pdf"])
    }

    /// Removing an adapter of PEFT leaves the model that it changes.
    @Test func anAdapterIsRemovedWithoutItsBase() throws {
        for (name, file) in [("Base", "config.json"), ("Tuned", "adapter_config.json")] {
            let path = own.appending(path: name)
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
            try Data("{}".utf8).write(to: path.appending(path: file))
        }
        var model = ModelInfo(
            reference: ModelReference(provider: "local", name: "Tuned"), path: own.appending(path: "Base").path)
        model.adapter = own.appending(path: "Tuned").path
        try folder.remove(model)
        #expect(try names(in: "home/models") == ["Base"])
        #expect(try names(in: "home/models/Base") == ["config.json"])
    }

    /// All parts of a split model are copied into a folder, or none, and removed together.
    @Test func partsStayTogether() throws {
        _ = try model("Big-00002-of-00002.gguf")
        var split = try model("Big-00001-of-00002.gguf")
        let target = root.appending(path: "out")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        #expect(throws: ModelFileError.splitNeedsFolder(parts: 2, path: target.appending(path: "one.gguf").path)) {
            try export(split, to: "one.gguf")
        }
        #expect(throws: CancellationError.self) { try export(split, to: "", stoppingAfter: 0.6) }
        #expect(try names(in: "out") == [])
        #expect(try export(split, to: "").hasSuffix("/out/Big-00001-of-00002.gguf"))
        #expect(try names(in: "out") == ["Big-00001-of-00002.gguf", "Big-00002-of-00002.gguf"])
        for name in try names(in: "out") {
            try FileManager.default.moveItem(at: target.appending(path: name), to: own.appending(path: name))
        }
        split.path = own.appending(path: "Big-00001-of-00002.gguf").path
        try folder.remove(split)
        #expect(try names(in: "home/models") == [])
    }

    @Test func copyIsCompleteOrAbsent() throws {
        let model = try model()
        try FileManager.default.createDirectory(at: root.appending(path: "out"), withIntermediateDirectories: true)
        #expect(throws: CancellationError.self) { try export(model, to: "copy.gguf", stoppingAfter: 0) }
        #expect(try names(in: "out").isEmpty)
        // A leftover of a process that no longer runs, and another hidden file.
        for name in [".copy-99999999", ".copy-notes"] {
            try Data("x".utf8).write(to: root.appending(path: "out/\(name)"))
        }
        try export(model, to: "copy.gguf")
        #expect(try names(in: "out") == [".copy-notes", "copy.gguf"])
        let path = try #require(model.path)
        #expect(try Data(contentsOf: root.appending(path: "out/copy.gguf")) == Data(contentsOf: URL(filePath: path)))
    }

    @Test func existingFilesAreNotOverwritten() throws {
        let model = try model()
        let out = root.appending(path: "out")
        try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: out.appending(path: "copy.gguf"))
        try FileManager.default.createSymbolicLink(
            atPath: out.appending(path: "link.gguf").path, withDestinationPath: "nowhere")
        for name in ["copy.gguf", "link.gguf"] {
            #expect(throws: ModelFileError.exists(out.appending(path: name).path)) { try export(model, to: name) }
        }
        #expect(try names(in: "out") == ["copy.gguf", "link.gguf"])
        #expect(try Data(contentsOf: out.appending(path: "copy.gguf")) == Data("mine".utf8))
        #expect(throws: ModelFileError.self) { try export(model, to: "not there/copy.gguf") }
    }

    @Test func onlyUsableModelsAreImported() throws {
        let path = try #require(try model().path)
        #expect(throws: ModelNameError.self) {
            try folder.importFile(path, cancellation: Cancellation()) { _ in }
        }
        #expect(throws: ModelNameError.self) {
            try folder.importFile(root.path, cancellation: Cancellation()) { _ in }
        }
        #expect(try names(in: "home/models").isEmpty)
    }

    @Test func onlyOwnFilesAreRemoved() throws {
        let foreign = try model()
        let path = try #require(foreign.path)
        #expect(throws: ModelFileError.notOwn("Big", path: path, owner: .folder)) { try folder.remove(foreign) }
        // A folder whose name begins like that of our own, and a path that leads through our own.
        let sibling = try model(in: "home/models too")
        #expect(throws: ModelFileError.self) { try folder.remove(sibling) }
        var indirect = foreign
        indirect.path = own.appending(path: "../../elsewhere/Big.gguf").path
        #expect(throws: ModelFileError.self) { try folder.remove(indirect) }
        #expect(try names(in: "elsewhere") == ["Big.gguf"] && names(in: "home/models too") == ["Big.gguf"])

        try folder.remove(try model(in: "home/models/publisher"))
        #expect(try names(in: "home/models/publisher").isEmpty)
        // Only the link is removed; the folder may be a link too.
        let link = own.appending(path: "Link.gguf")
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: path)
        let linkedFolder = root.appending(path: "linked")
        try FileManager.default.createSymbolicLink(at: linkedFolder, withDestinationURL: own)
        try ModelFolder(linkedFolder.path).remove(
            ModelInfo(reference: ModelReference(provider: "local", name: "Link"), path: link.path))
        #expect(try names(in: "home/models") == ["publisher"] && names(in: "elsewhere") == ["Big.gguf"])
    }

    // MARK: Models in Ollama's layout

    private func pulled() throws -> StoreFixture {
        let fixture = try StoreFixture()
        for number in 1...2 { try fixture.weights(number, in: "own") }
        for number in 3...5 { try fixture.blob(number, "text \(number)", in: "own") }
        try fixture.manifest(
            "registry.ollama.ai/library/tiny/1b", [("model", 1), ("params", 3), ("license", 4)], in: "own")
        try fixture.manifest("registry.ollama.ai/alice/mine/latest", [("model", 1), ("system", 5)], in: "own")
        return fixture
    }

    private func blobs(_ fixture: StoreFixture) throws -> [Int] {
        try FileManager.default.contentsOfDirectory(atPath: fixture.own.appending(path: "blobs").path)
            .compactMap { Int($0.suffix(8), radix: 16) }.sorted()
    }

    @Test func pulledModelIsRemovedWithTheBlobsThatNoOtherNames() throws {
        let fixture = try pulled()
        let folder = ModelFolder(fixture.own.path)
        try folder.remove(try fixture.discovery().find("tiny:1b"))
        #expect(fixture.names() == ["alice/mine:latest"])
        // The weights are the other model's too, and blob 2 is nobody's.
        #expect(try blobs(fixture) == [1, 2, 5])
        #expect(!fixture.exists("own/manifests/registry.ollama.ai/library"))
        try folder.remove(try fixture.discovery().find("alice/mine"))
        #expect(try blobs(fixture) == [2] && fixture.names().isEmpty)
        #expect(!fixture.exists("own/manifests/registry.ollama.ai") && fixture.exists("own/blobs"))
    }

    @Test func blobsStayWhileAManifestIsDamaged() throws {
        let fixture = try pulled()
        try fixture.write("own/manifests/hf.co/user/repo/Q4_K_M", "{")
        try ModelFolder(fixture.own.path).remove(try fixture.discovery().find("tiny:1b"))
        #expect(fixture.names() == ["alice/mine:latest"])
        #expect(try blobs(fixture) == [1, 2, 3, 4, 5])
    }

    @Test func sharedWeightsAreNotRemovedByTheirPath() throws {
        let fixture = try pulled()
        let path = fixture.own.appending(path: "blobs/sha256-\(StoreFixture.digest(1))").path
        let model = ModelInfo(reference: ModelReference(provider: "local", name: path), path: path)
        #expect(throws: ModelFileError.shared(path, models: ["alice/mine:latest", "tiny:1b"])) {
            try ModelFolder(fixture.own.path).remove(model)
        }
        #expect(try blobs(fixture).count == 5)
    }

    @Test func errorNamesTheOwnerAndItsCommand() throws {
        let fixture = try StoreFixture()
        try fixture.gguf(".lmstudio/models/p/m/Studio.gguf", mark: "1")
        try fixture.gguf(".cache/huggingface/hub/models--owner--name/snapshots/abc/Hub.gguf", mark: "2")
        try fixture.gguf(".cache/llama.cpp/Cached.gguf", mark: "3")
        try fixture.gguf("work/Work.gguf", mark: "4")
        try fixture.weights(5)
        try fixture.manifest("hf.co/user/repo/Q4", [("model", 5)])
        for (name, hint) in [
            ("Studio", "LM Studio"), ("Hub", "\"hf cache rm model/owner/name\""), ("Cached", "llama.cpp"),
            ("Work", "not in Sotto's models folder"), ("hf.co/user/repo:Q4", "\"ollama rm hf.co/user/repo:Q4\""),
        ] {
            let model = try fixture.discovery().find(name)
            let path = try #require(model.path)
            let error = #expect(throws: ModelFileError.self) { try ModelFolder(fixture.own.path).remove(model) }
            let text = try #require(error).description
            #expect(text.contains(hint) && text.contains(path), "\(text)")
            #expect(FileManager.default.fileExists(atPath: path))
        }
    }
}
