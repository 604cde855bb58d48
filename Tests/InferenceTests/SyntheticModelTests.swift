import Foundation
import GGUF
import Testing

@testable import Inference

/// Random models in the shapes of published ones.
@Suite struct SyntheticModelTests {
    /// Parameters in billions as published, all and active. Of gpt-oss without the output matrix 3.6 B are active, of
    /// Gemma 4 4.5 B are not in the per-layer embeddings.
    @Test(arguments: [
        ("llama-1b", 1.24, 1.24), ("llama-3b", 3.21, 3.21), ("llama-8b", 8.03, 8.03), ("mixtral-8x7b", 46.7, 12.9),
        ("qwen3-30b-a3b", 30.5, 3.35), ("gpt-oss-20b", 20.9, 4.19), ("gemma-4-e4b", 7.46, 4.64),
    ])
    func shapesHaveTheParametersOfTheirModels(name: String, all: Double, active: Double) throws {
        let model = try #require(SyntheticModel.find(name))
        let use = model.weightUse(.f16)
        #expect(abs(Double(use.parameters) / 1e9 - all) < all / 100, "\(use.parameters)")
        #expect(abs(Double(use.activeParameters) / 1e9 - active) < active / 100, "\(use.activeParameters)")
    }

    @Test func everyShapeHasANameOfItsOwn() {
        #expect(Set(SyntheticModel.all.map(\.name)).count == SyntheticModel.all.count)
        #expect(SyntheticModel.find("llama-2b") == nil)
    }

    @Test func layersCanBeLeftOut() throws {
        let whole = try #require(SyntheticModel.find("gemma-4-e4b"))
        let half = whole.with(layers: 21)
        #expect(half.layers == 21 && half.layersWithoutKeys == 9)
        // One group of windows has keys, even of few layers.
        #expect(whole.with(layers: 7).layersWithoutKeys == 1)
        #expect(whole.with(layers: 2).layersWithoutKeys == 0)
        #expect(whole.with(layers: 99).layers == 42 && whole.with(layers: 0).layers == 1)
        #expect(half.weightUse(.f16).byteCount < whole.weightUse(.f16).byteCount)
    }

    /// A quantized file that is written directly has the same types as an F16 file that is quantized.
    @Test(arguments: ["Q4_K_M", "Q8_0"])
    func formatsAreThoseOfTheQuantizer(name: String) throws {
        let scheme = try #require(QuantizationScheme.find(name))
        let folder = FileManager.default.temporaryDirectory.appending(path: "synthetic-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for model in Self.small {
            let (direct, half, quantized) = (
                folder.appending(path: "\(model.name).gguf").path, folder.appending(path: "\(model.name)-16.gguf").path,
                folder.appending(path: "\(model.name)-q.gguf").path
            )
            try model.write(to: OutputFile(direct, overwriting: false), scheme: scheme, seed: 3, threads: 2)
            try model.write(to: OutputFile(half, overwriting: false), seed: 3, threads: 2)
            try ModelQuantizer(file: GGUFFile(path: half), scheme: scheme)
                .write(to: OutputFile(quantized, overwriting: false), threads: 2)
            let (file, other) = (try GGUFFile(path: direct), try GGUFFile(path: quantized))
            #expect(file.tensors.map(\.type) == other.tensors.map(\.type))
            #expect(GGUFSource(file).otherPurpose == nil)
            #expect(WeightUse(file) == WeightUse(other) && WeightUse(file) == model.weightUse(scheme))
        }
    }

    /// Shapes with every kind of part, small enough for a test.
    private static let small: [SyntheticModel] = {
        var mixture = SyntheticModel(
            name: "mixture", layers: 4, hiddenSize: 256, heads: 4, kvHeads: 2, headDim: 64, vocabulary: 64,
            feedForward: .experts(count: 8, used: 2, size: 256))
        mixture.parts = [.output, .biases, .sinks, .renamedFFNNorm]
        mixture.window = .init(length: 16, group: 2, headDim: 64)
        var embedded = SyntheticModel(
            name: "embedded", layers: 4, hiddenSize: 256, heads: 4, kvHeads: 2, headDim: 128, vocabulary: 64,
            feedForward: .dense(size: 512))
        embedded.architecture = "gemma4"
        embedded.parts = [.queryKeyNorms, .postNorms]
        embedded.window = .init(length: 16, group: 2, headDim: 64, isListed: true)
        embedded.perLayer = .init(size: 64, layersWithoutKeys: 2)
        return [mixture, embedded]
    }()
}
