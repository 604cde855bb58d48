import Foundation
import GGUF
import Testing

@testable import Inference

/// Checkpoints as GGUF files. (`scripts/check-checkpoints --convert` compares them with llama.cpp.)
@Suite struct CheckpointConverterTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "converted-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    /// The rows of some families have another order there, and norms other weights.
    @Test(arguments: [
        "llama", "qwen3_moe", "gpt2", "apertus", "gpt_oss", "deepseek_v3-halves", "qwen3_next", "qwen3_5_text", "lfm2",
        "mamba2",
        "nemotron_h-experts",
    ])
    func logitsStayTheSame(name: String) async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "\(name).gguf").path
        let converter = try CheckpointConverter(path: Golden.path("checkpoints/\(name)"), scheme: nil)
        #expect(converter.format == "BF16")
        try converter.write(to: OutputFile(file, overwriting: false), threads: 2)
        let model = try Model.load(path: file)
        #expect(model.summary.format == "BF16")
        let engine = try Engine(model: model, options: EngineOptions(threads: 2, cacheType: .f32))
        let logits = try await engine.logits(tokens: FamilyTests.prompt(vocabulary: 96), all: true)
        let expected = try Golden.floats("checkpoints/\(name)/logits.f32")
        // What files of these families cannot say: weights of experts that are not normalised, limits of YaRN's ramp.
        let limit = ["qwen3_moe": 10.0, "gpt_oss": 1e-2][name] ?? 1e-7
        #expect(nmse(logits.joined(), expected) < limit)
        let losses = [
            "qwen3_moe": ["how the weights of experts are normalised"], "gpt_oss": ["details of rotary positions"],
            "nemotron_h-experts": ["the limits of time steps"],
        ]
        #expect(try converter.losses(in: file) == losses[name] ?? [])
        #expect(try GGUFFile(path: file).tensors.allSatisfy { $0.dimensions.count > 1 || $0.type.name == "F32" })
    }

    /// Files with latent attention have no place for them.
    @Test func biasesThatFilesCannotHaveAreRefused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = Golden.path("checkpoints/deepseek_v3-halves")
        _ = try CheckpointConverter(path: source, scheme: nil)
        let data = try Data(contentsOf: URL(filePath: "\(source)/model.safetensors"))
        let length = data.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        let header = try #require(
            try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: [String: Any]])
        let end = data.count - 8 - length
        var changed = header
        changed["model.layers.0.self_attn.o_proj.bias"] = [
            "dtype": "F32", "shape": [32], "data_offsets": [end, end + 128],
        ]
        let text = try JSONSerialization.data(withJSONObject: changed)
        var file = Data((0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) })
        file += text + data[(8 + length)...] + Data(count: 128)
        try file.write(to: folder.appending(path: "model.safetensors"))
        try FileManager.default.copyItem(
            atPath: "\(source)/config.json", toPath: folder.appending(path: "config.json").path)
        let error = try #require(throws: ModelError.self) { try CheckpointConverter(path: folder.path, scheme: nil) }
        #expect("\(error)".contains("attention_bias"), "\(error)")
    }

    @Test func anAdapterIsMerged() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "merged.gguf").path
        let converter = try CheckpointConverter(
            path: Golden.path("checkpoints/llama"), scheme: QuantizationScheme.find("F32"),
            adapter: Golden.path("checkpoints/llama-adapter"))
        try converter.write(to: OutputFile(file, overwriting: false), threads: 2)
        let engine = try Engine(
            model: try Model.load(path: file), options: EngineOptions(threads: 2, cacheType: .f32))
        let logits = try await engine.logits(tokens: FamilyTests.prompt(vocabulary: 96), all: true)
        #expect(nmse(logits.joined(), try Golden.floats("checkpoints/llama-adapter/logits.f32")) < 1e-7)
    }

    /// The rows of its queries are in another order in the file.
    @Test(arguments: [48, 1])
    func anAdapterOfPEFTChangesTheFileAsItDoesTheFolder(prefillBatch: Int) async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "base.gguf").path
        let converter = try CheckpointConverter(
            path: Golden.path("checkpoints/llama"), scheme: QuantizationScheme.find("F32"))
        try converter.write(to: OutputFile(file, overwriting: false), threads: 2)
        let engine = try Engine(
            model: try Model.load(path: file, adapters: [Golden.path("checkpoints/llama-adapter")]),
            options: EngineOptions(threads: 2, cacheType: .f32, prefillBatch: prefillBatch))
        let logits = try await engine.logits(tokens: FamilyTests.prompt(vocabulary: 96), all: true)
        #expect(nmse(logits.joined(), try Golden.floats("checkpoints/llama-adapter/logits.f32")) < 1e-7)
    }

    @Test func matricesGetTheTypeThatIsAskedFor() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "small.gguf").path
        let converter = try CheckpointConverter(
            path: Golden.path("checkpoints/llama"), scheme: QuantizationScheme.find("Q8_0"))
        try converter.write(to: OutputFile(file, overwriting: false), threads: 2)
        let types = Dictionary(
            try GGUFFile(path: file).tensors.map { ($0.name, $0.type.name) }, uniquingKeysWith: { first, _ in first })
        #expect(types["blk.0.attn_q.weight"] == "Q8_0")
        #expect(types["blk.0.attn_q.bias"] == "F32")
        #expect(types["blk.0.attn_norm.weight"] == "F32")
    }

    @Test func whatIsNotACheckpointIsRefused() {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: ModelError.self) { try CheckpointConverter(path: folder.path, scheme: nil) }
    }
}
