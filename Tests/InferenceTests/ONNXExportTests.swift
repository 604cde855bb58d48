import Foundation
import ONNX
import ONNXRuntime
import TestSupport
import Testing

@testable import Inference

/// What lists and plans see of an export, and what may be wrong with one.
struct ONNXExportTests {
    @Test(arguments: ONNXRunnerTests.names) func listsSeeThemAsModels(_ name: String) throws {
        let path = Golden.path("onnx/\(name)")
        #expect(ONNXFolder.isExport(path) && ModelFiles.isModelFolder(path))
        #expect(ONNXFolder.exports(in: path) == [path])
        let source = try OpenedSource.open(path)
        #expect(source.formatName.hasPrefix("ONNX "))
        #expect(source.trainedContext == 256 && source.otherPurpose == nil)
        #expect(source.name == name)
        #expect(source.weightUse.parameters > 500)
        let plan = try MemoryPlan(source: source)
        #expect(try #require(plan).mappedBytes == 0)
        #expect(Set(ModelFiles.paths(of: path)).isSuperset(of: try ONNXExport(path: path).file.dataFiles.map(\.path)))
    }

    @Test func theInterfaceSaysWhatIsShared() throws {
        let interfaces = try Dictionary(
            uniqueKeysWithValues: ONNXRunnerTests.names.map {
                ($0, try ONNXExport(path: Golden.path("onnx/\($0)")).interface())
            })
        for (name, interface) in interfaces {
            #expect(interface.sharesCaches == name.hasPrefix("genai"), "\(name)")
            #expect(interface.hasLastLogitsOnly == (name == "last"), "\(name)")
            #expect(interface.caches.count == (name == "state" ? 0 : ["last", "keep"].contains(name) ? 1 : 4))
            #expect(interface.states.count == (name == "state" ? 1 : 0))
        }
    }

    @Test func anExportReadsAndWritesText() throws {
        let model = try Model.load(path: Golden.path("onnx/genai-fp32"))
        let tokenizer = try #require(model.tokenizer)
        let tokens = tokenizer.encode("the and", parseSpecial: false, addSpecial: false)
        #expect(tokenizer.decode(tokens, special: false) == "the and")
        #expect(model.template != nil && model.isExport)
        #expect(!tokenizer.endOfGeneration.isEmpty)
        #expect(model.summary.layers == 2 && model.summary.hiddenSize == 32 && model.summary.kvHeads == 2)
    }

    // MARK: Where graphs are

    /// Several graphs in the folder `onnx`, next to the weights of PyTorch or without them.
    @Test func graphsOfTheHubAreModelsOfTheirOwn() throws {
        let folder = try ExportCopy("optimum", into: "onnx")
        #expect(ONNXFolder.exports(in: folder.path) == [folder.path])
        #expect(try OpenedSource.open(folder.path).formatName == "ONNX fp32")
        try folder.copy("onnx/model.onnx", to: "onnx/model_q4.onnx")
        let graphs = ["\(folder.path)/onnx/model.onnx", "\(folder.path)/onnx/model_q4.onnx"]
        #expect(ONNXFolder.exports(in: folder.path) == graphs)
        let name = URL(filePath: folder.path).lastPathComponent
        #expect(try OpenedSource.open(graphs[1]).name == "\(name)/model_q4")
        #expect(try Model.load(path: graphs[1]).tokenizer != nil)

        try folder.write("model.safetensors", "x")
        #expect(!ONNXFolder.isExport(folder.path) && ONNXFolder.isExport(graphs[0]))
        #expect(ONNXFolder.exports(in: folder.path) == graphs)
    }

    @Test func halvesOfDecodersAreNoModels() throws {
        let folder = try ExportCopy("optimum")
        try folder.copy("model.onnx", to: "decoder_with_past_model.onnx")
        try FileManager.default.removeItem(atPath: "\(folder.path)/model.onnx")
        #expect(ONNXFolder.exports(in: folder.path).isEmpty)
    }

    // MARK: What is wrong with an export

    @Test(arguments: [
        ("{", "JSON"), ("[]", "a JSON object"), ("{}", "model.decoder.filename"),
        (#"{"model": {"decoder": {"filename": "../model.onnx"}}}"#, "same folder"),
        (#"{"model": {"decoder": {"filename": "other.onnx"}}}"#, "other.onnx, which is not there"),
        (#"{"model": {"decoder": {"filename": "model.onnx"}}}"#, "model.context_length"),
        (#"{"model": {"context_length": -1, "decoder": {"filename": "model.onnx"}}}"#, "model.context_length"),
        (#"{"model": {"context_length": 9e9, "decoder": {"filename": "model.onnx"}}}"#, "model.context_length"),
        (
            #"{"model": {"context_length": 8, "decoder": {"filename": "model.onnx", "num_hidden_layers": 1e99}}}"#,
            "model.decoder.num_hidden_layers"
        ),
        // The graph does not say how large a head is.
        (
            #"{"model": {"context_length": 8, "decoder": {"filename": "model.onnx"}}}"#,
            "past_key_values.0.key has the shape"
        ),
    ])
    func aWrongConfigurationIsNamed(text: String, problem: String) throws {
        let folder = try ExportCopy("genai-fp32")
        try folder.write("genai_config.json", text)
        #expect(folder.problem.contains(problem), "\(folder.problem)")
    }

    /// Graphs whose inputs or outputs are others. The names have the same length, so that the rest of the file stays as it is.
    @Test(arguments: [
        ("optimum", "attention_mask", "beam_indices__", "the input beam_indices__ (int64) is not supported"),
        ("optimum", "input_ids", "token_ids", "the graph has no input input_ids"),
        ("optimum", "logits", "scores", "the graph has no output logits"),
        ("optimum", "present.0.key", "another.0.key", "the input past_key_values.0.key (fp32) is not supported"),
    ])
    func otherInputsAndOutputsAreNamed(name: String, old: String, new: String, problem: String) throws {
        let folder = try ExportCopy(name)
        try folder.replace(old, with: new, in: "model.onnx")
        #expect(folder.problem.contains(problem), "\(folder.problem)")
    }

    @Test func otherKindsOfModelsAreNamed() throws {
        let folder = try ExportCopy("optimum")
        try folder.write("config.json", #"{"model_type": "bert", "max_position_embeddings": 512}"#)
        #expect(folder.problem.contains("searching and comparing"), "\(folder.problem)")
        #expect(throws: ModelError.self) { try Model.load(path: folder.path) }
    }

    @Test func aMissingDataFileIsNamed() throws {
        let folder = try ExportCopy("genai-fp32")
        let data = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix(".data") })
        try Data(count: 3).write(to: URL(filePath: "\(folder.path)/\(data)"))
        #expect(folder.problem.contains("which has only 3 bytes"), "\(folder.problem)")
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(data)")
        #expect(folder.problem.contains("\(data)\", which is not there"), "\(folder.problem)")
    }

    /// What the library refuses becomes one line.
    @Test(.enabled(if: LibrarySearch().isSuccessful, "ONNX Runtime is not installed"))
    func aGraphThatTheLibraryRefusesIsAnError() throws {
        let folder = try ExportCopy("optimum")
        try folder.replace("MatMul", with: "MutMul", in: "model.onnx")
        let model = try Model.load(path: folder.path)
        let error = try #require(throws: EngineError.self) { try Engine(model: model) }
        #expect("\(error)".hasPrefix("ONNX Runtime: ") && "\(error)".contains("MutMul"), "\(error)")
        #expect(!"\(error)".contains("\n"))
    }

    /// Configurations with changed bytes, and what they lead to.
    @Test(arguments: [("genai-fp32", "genai_config.json"), ("optimum", "config.json")])
    func changedConfigurationsNeverCrash(name: String, file: String) throws {
        let folder = try ExportCopy(name)
        let original = Array(try Data(contentsOf: URL(filePath: "\(folder.path)/\(file)")))
        var random = SeededGenerator(seed: 11)
        for _ in 0..<200 {
            var bytes = original
            for _ in 0..<3 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(32 + random.next() % 95) }
            try Data(bytes).write(to: URL(filePath: "\(folder.path)/\(file)"))
            _ = folder.problem
            guard let source = try? OpenedSource.open(folder.path) else { continue }
            _ = try? MemoryPlan(source: source)
            _ = source.weightUse
        }
    }

    /// Damaged graphs are refused here or by the library, or compute something else.
    @Test(
        .enabled(if: LibrarySearch().isSuccessful, "ONNX Runtime is not installed"),
        arguments: ["genai-int4", "optimum", "merged", "state"])
    func damagedGraphsNeverCrash(_ name: String) async throws {
        let folder = try ExportCopy(name)
        let graph = "\(folder.path)/\(folder.graph)"
        let original = Array(try Data(contentsOf: URL(filePath: graph)))
        var random = SeededGenerator(seed: 13)
        for _ in 0..<40 {
            try Data(random.damaged(original, changes: 1...4, cut: 4)).write(to: URL(filePath: graph))
            guard let model = try? Model.load(path: folder.path),
                let engine = try? Engine(model: model, options: EngineOptions(threads: 1, contextLength: 32))
            else { continue }
            _ = try? await engine.logits(tokens: [1, 2, 3], all: false)
        }
    }
}

/// A copy of an export, removed with this value.
private final class ExportCopy {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    private(set) var graph = "model.onnx"

    /// - Parameter subfolder: where the graph goes; the configuration and the tokenizer stay above it.
    init(_ name: String, into subfolder: String? = nil) throws {
        try FileManager.default.createDirectory(
            atPath: subfolder.map { "\(path)/\($0)" } ?? path, withIntermediateDirectories: true)
        for file in try FileManager.default.contentsOfDirectory(atPath: Golden.path("onnx/\(name)")) {
            let isGraph = file.contains(".onnx")
            let target = isGraph ? subfolder.map { "\($0)/\(file)" } ?? file : file
            if file.hasSuffix(".onnx") { graph = target }
            try FileManager.default.copyItem(atPath: Golden.path("onnx/\(name)/\(file)"), toPath: "\(path)/\(target)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
    }

    func copy(_ name: String, to other: String) throws {
        try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: "\(path)/\(other)")
    }

    /// Replaces every occurrence of a text by another one of the same length.
    func replace(_ old: String, with new: String, in name: String) throws {
        let url = URL(filePath: "\(path)/\(name)")
        var data = try Data(contentsOf: url)
        let pattern = Data(old.utf8)
        var start = data.startIndex
        while let range = data[start...].range(of: pattern) {
            data.replaceSubrange(range, with: Data(new.utf8))
            start = range.upperBound
        }
        try data.write(to: url)
    }

    /// What lists show as the reason why the model cannot be used.
    var problem: String {
        do {
            return ModelCheck(try OpenedSource.open(path)).problem ?? ""
        } catch {
            return "\(error)"
        }
    }
}
