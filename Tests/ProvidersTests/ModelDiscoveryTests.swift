import Chat
import Foundation
import GGUF
import Providers
import Testing

/// Finding and describing models.
final class ModelDiscoveryTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "models-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes a small GGUF file.
    private func write(_ name: String, architecture: String = "llama", parts: UInt16 = 1) throws {
        var writer = GGUFWriter()
        if parts > 1 { writer.add("split.no", .uint16(0)) }
        writer.add("split.count", .uint16(parts))
        writer.add("general.architecture", .string(architecture))
        for (key, value) in StoreFixture.usable(architecture) { writer.add(key, value) }
        writer.add("tokenizer.ggml.tokens", strings: ["a", "b", "c", "d"])
        for (name, dimensions) in StoreFixture.tensors {
            writer.addTensor(name, dimensions: dimensions, type: try #require(TensorType.find(0)))
        }
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try writer.write(to: file.path) {
            [UInt8](repeating: 0, count: 4 * StoreFixture.tensors[$0].1.reduce(1, *))
        }
    }

    private var discovery: ModelDiscovery { ModelDiscovery(own: folder) }

    /// The models in the folder of these tests; the machine may have others.
    private var found: [ModelInfo] { discovery.models().filter { $0.path?.hasPrefix(folder.path) == true } }

    @Test func headerFactsAreListed() throws {
        try write("publisher/model/Small.gguf")
        let model = try #require(found.first)
        #expect(model.reference == ModelReference(provider: "local", name: "Small"))
        #expect(model.architecture == "llama")
        #expect(model.contextLength == 4096)
        #expect(model.parameters == StoreFixture.parameters)
        #expect(model.problem == nil)
    }

    @Test func linkToAFolderIsFollowed() throws {
        try write("Small.gguf")
        let link = folder.appending(path: "link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder)
        let names = ModelDiscovery(own: link).models().map(\.reference.name)
        #expect(names.contains("Small"))
    }

    @Test func unusableFilesHaveAReason() throws {
        try write("Strange.gguf", architecture: "strange")
        try write("Part-00001-of-00003.gguf", parts: 3)
        try write("Renamed.gguf", parts: 3)
        try Data("GGUF and nothing more".utf8).write(to: folder.appending(path: "Damaged.gguf"))
        let problems = Dictionary(uniqueKeysWithValues: found.map { ($0.reference.name, $0.problem ?? "") })
        #expect(problems["Strange"]?.contains("strange") == true)
        #expect(problems["Damaged"]?.isEmpty == false && problems["Damaged"]?.contains("/") == false)
        #expect(problems["Part"]?.contains("part Part-00002-of-00003.gguf is missing") == true)
        #expect(problems["Renamed"]?.contains("split.count") == true)
    }

    /// The golden checkpoints of the engine's tests serve as models.
    private func copyCheckpoint(_ kind: String = "llama", to name: String) throws {
        let source = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../InferenceTests/Golden/checkpoints/\(kind)").standardizedFileURL
        let target = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: source, to: target)
    }

    @Test func foldersOfHuggingFaceAreModels() throws {
        try copyCheckpoint(to: "owner/Raw-1.5")
        try write("owner/Small.gguf")
        let model = try #require(found.first { $0.reference.name == "Raw-1.5" })
        #expect(found.count == 2)
        #expect(model.path == folder.appending(path: "owner/Raw-1.5").path)
        #expect(model.architecture == "llama" && model.format == "BF16")
        // It has no tokenizer.
        #expect(model.problem?.hasPrefix("This folder cannot be used for text: ") == true)
        #expect(try discovery.find(model.path ?? "").path == model.path)
        // The folder itself may be named in SOTTO_MODELS.
        let alone = ModelDiscovery(own: nil, folders: [folder.appending(path: "owner/Raw-1.5")]).models()
        #expect(alone.contains { $0.reference.name == "Raw-1.5" && $0.path == model.path })
    }

    /// An adapter of PEFT is a model of its own, if the one that it changes is here.
    @Test func adaptersAreListedWithTheirBase() throws {
        try copyCheckpoint("llama-adapter", to: "tuned")
        let config = folder.appending(path: "tuned/adapter_config.json")
        var text = try String(contentsOf: config, encoding: .utf8)
        text.replace(/"base_model_name_or_path": "[^"]*"/, with: "\"base_model_name_or_path\": \"owner/Raw\"")
        try text.write(to: config, atomically: true, encoding: .utf8)
        let alone = try #require(found.first)
        #expect(alone.problem?.contains("sotto pull hf:owner/Raw") == true)
        // A file of the same model will do.
        try write("Raw-Instruct-Q8_0.gguf")
        #expect(discovery.models().first { $0.reference.name == "tuned" }?.problem != nil)
        try write("raw-Q8_0.gguf")
        let onFile = try #require(discovery.models().first { $0.reference.name == "tuned" })
        #expect(onFile.path == folder.appending(path: "raw-Q8_0.gguf").path)
        #expect(onFile.adapter == folder.appending(path: "tuned").path)
        try copyCheckpoint(to: "owner/Raw")
        let tuned = try #require(discovery.models().first { $0.reference.name == "tuned" })
        #expect(tuned.path == folder.appending(path: "owner/Raw").path)
        #expect(tuned.adapter == folder.appending(path: "tuned").path)
        #expect(try discovery.find(folder.appending(path: "tuned").path).path == tuned.path)
    }

    @Test func partsAndProjectorsAreNotListed() throws {
        try write("Big-00001-of-00002.gguf")
        try write("Big-00002-of-00002.gguf")
        try write("mmproj-Big.gguf")
        try write(".hidden/Secret.gguf")
        try Data().write(to: folder.appending(path: "notes.txt"))
        #expect(found.map(\.reference.name) == ["Big"])
    }

    @Test func modelIsFoundByTheBeginningOfItsName() throws {
        try write("Lighthouse-7B.gguf")
        try write("Lighthouse-1B.gguf")
        try write("Walrus.gguf")
        #expect(try discovery.find("walrus").reference.name == "Walrus")
        #expect(try discovery.find("Lighthouse-7").reference.name == "Lighthouse-7B")
        #expect(throws: ModelNameError.ambiguous("lighthouse", matches: ["Lighthouse-1B", "Lighthouse-7B"])) {
            try discovery.find("lighthouse")
        }
        #expect(throws: ModelNameError.self) { try discovery.find("Walros") }
    }

    @Test func modelIsFoundByItsPath() throws {
        try write("Walrus.gguf")
        let path = folder.appending(path: "Walrus.gguf").path
        #expect(try discovery.find(path).reference.name == "Walrus")
        #expect(try ModelDiscovery(own: nil).find(path).reference.name == path)
    }
}
