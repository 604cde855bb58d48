import Chat
import Foundation
import Inference
import Testing

@testable import Providers

/// ONNX exports in the places where models are found. (Those of the engine's tests.)
struct ExportDiscoveryTests {
    private let fixture: StoreFixture
    private let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "InferenceTests/Golden/onnx")

    init() throws { fixture = try StoreFixture() }

    @Test func aFolderIsAModel() throws {
        try copy("genai-int4", to: "own/tiny-int4")
        let info = try fixture.discovery().find("tiny-int4")
        #expect(info.format == "ONNX int4" && info.architecture == "llama" && info.contextLength == 256)
        #expect(info.hasTemplate == true && info.store == .own)
        #expect(try #require(info.parameters) > 20_000)
        // Without a library, the reason is how to get one.
        #expect(info.problem == nil || info.problem?.contains("pip install onnxruntime") == true)
        #expect(try #require(info.memory).residentBytes == info.memory?.byteCount)
    }

    /// A repository with several graphs, in the cache of the hub, whose files are links.
    @Test func graphsOfARepositoryAreListedByName() throws {
        let repository = "hub/models--owner--Tiny"
        try copy("optimum", to: "\(repository)/blobs")
        let snapshot = fixture.root.appending(path: "\(repository)/snapshots/0123")
        try FileManager.default.createDirectory(
            at: snapshot.appending(path: "onnx"), withIntermediateDirectories: true)
        for name in ["config.json", "tokenizer.json", "tokenizer_config.json"] {
            try link(snapshot.appending(path: name), "../../blobs/\(name)")
        }
        for name in ["model.onnx", "model_q4.onnx"] {
            try link(snapshot.appending(path: "onnx/\(name)"), "../../../blobs/model.onnx")
        }
        let environment = ["HF_HUB_CACHE": fixture.root.appending(path: "hub").path]
        // Both are links to one file, which is listed once.
        #expect(fixture.names(environment) == ["Tiny/model"])
        #expect(try fixture.discovery(environment).find("owner/Tiny/model_q4").path?.hasSuffix("model_q4.onnx") == true)
    }

    @Test func anExportIsImportedExportedAndRemoved() throws {
        try copy("genai-fp32", to: "elsewhere/tiny")
        let folder = ModelFolder(fixture.own.path)
        let source = fixture.root.appending(path: "elsewhere/tiny").path
        guard (try? fixture.discovery().find(source).problem) == .some(nil) else { return }
        #expect(try folder.importFile(source, cancellation: Cancellation()) { _ in } == "tiny")
        let info = try fixture.discovery().find("tiny")
        #expect(try Model.load(path: try #require(info.path)).tokenizer != nil)
        let target = fixture.root.appending(path: "copy").path
        #expect(try ModelFolder.export(info, to: target, cancellation: Cancellation()) { _ in } == target)
        #expect(try Model.load(path: target).summary.format == "ONNX fp32")
        try folder.remove(info)
        #expect(!FileManager.default.fileExists(atPath: fixture.own.appending(path: "tiny").path))
    }

    /// Of several graphs only the file of one is removed, and what belongs to all of them stays.
    @Test func oneOfSeveralGraphsIsRemovedAlone() throws {
        try copy("optimum", to: "own/tiny")
        let graph = fixture.own.appending(path: "tiny/model.onnx")
        try FileManager.default.copyItem(at: graph, to: fixture.own.appending(path: "tiny/model_q4.onnx"))
        #expect(fixture.names() == ["tiny/model", "tiny/model_q4"])
        try ModelFolder(fixture.own.path).remove(try fixture.discovery().find("tiny/model_q4"))
        #expect(fixture.names() == ["tiny"])
    }

    @Test func theSettingsHaveTheRuntimesProviders() {
        #expect(ONNXProvider.allCases.map(\.rawValue) == ExecutionProvider.allCases.map(\.rawValue))
    }

    // MARK: Files

    private func copy(_ name: String, to path: String) throws {
        let target = fixture.root.appending(path: path)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: golden.appending(path: name), to: target)
    }

    private func link(_ file: URL, _ target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: target)
    }
}
