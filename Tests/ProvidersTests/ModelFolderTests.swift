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
        #expect(throws: ModelFileError.notOwn("Big", path: path, owner: .other)) { try folder.remove(foreign) }
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
}
