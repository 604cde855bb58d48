import Foundation
import GGUF
import Inference
import Testing

/// Valid GGUF files that are invalid models: each results in a clear error and no crash.
struct HostileModelTests {
    @Test func errorsNameWhatIsMissingOrInvalid() throws {
        #expect(try problem { $0.metadata["general.architecture"] = .string("mamba") }?.contains("mamba") == true)
        #expect(try problem { $0.metadata["llama.block_count"] = nil }?.contains("llama.block_count") == true)
        #expect(try problem { $0.metadata["llama.block_count"] = .uint32(0) }?.contains("1…1024") == true)
        #expect(try problem { $0.metadata["llama.block_count"] = .uint64(1 << 60) } != nil)
        #expect(try problem { $0.metadata["llama.attention.head_count"] = .uint32(0) } != nil)
        #expect(try problem { $0.metadata["llama.attention.head_count_kv"] = .uint32(3) }?.contains("divisor") == true)
        #expect(try problem { $0.metadata["llama.rope.freq_base"] = .float32(.nan) } != nil)
        #expect(try problem { $0.metadata["llama.attention.layer_norm_rms_epsilon"] = .float32(-1) } != nil)
        #expect(try problem { $0.metadata["llama.rope.dimension_count"] = .uint32(7) } != nil)
        #expect(try problem { $0.tensors["blk.0.attn_q.weight"] = nil }?.contains("blk.0.attn_q.weight") == true)
        #expect(try problem { $0.tensors["blk.0.attn_q.weight"] = ([32, 16], "F32") }?.contains("32 × 16") == true)
        #expect(try problem { $0.tensors["blk.0.ffn_up.weight"] = ([32, 48], "Q8_1") }?.contains("Q8_1") == true)
    }

    @Test func validModelsLoad() throws { #expect(try problem { _ in } == nil) }

    /// Weights that are NaN are detected when they are used.
    @Test func nanWeightsAreAnError() async throws {
        let path = try Self.write(HostileModel(), value: .nan)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let engine = try Engine(model: try Model.load(path: path), options: EngineOptions(threads: 1))
        await #expect(throws: EngineError.notFinite(position: 2)) {
            try await engine.logits(tokens: [1, 2, 3], all: false)
        }
    }

    @Test func invalidRequestsAreErrors() async throws {
        let model = try Model.load(path: Golden.path("tiny/llama.gguf"))
        #expect(throws: EngineError.self) { try Engine(model: model, options: EngineOptions(threads: 0)) }
        #expect(throws: EngineError.self) { try Engine(model: model, options: EngineOptions(contextLength: 1 << 40)) }
        #expect(throws: EngineError.self) { try Engine(model: model, options: EngineOptions(prefillBatch: 0)) }
        let engine = try Engine(model: model, options: EngineOptions(threads: 1))
        await #expect(throws: EngineError.emptyPrompt) { try await engine.logits(tokens: [], all: true) }
        await #expect(throws: EngineError.self) { try await engine.logits(tokens: [96], all: false) }
        await #expect(throws: EngineError.self) { try await engine.logits(tokens: [-1], all: false) }
        await #expect(throws: EngineError.self) {
            try await engine.logits(tokens: Array(repeating: 1, count: 513), all: false)
        }
        await #expect(throws: EngineError.self) {
            _ = try await events(engine, .greedy(.text("no vocabulary", special: false), maxTokens: 1))
        }
    }

    /// The error from loading a modified model, or nil if it loads.
    private func problem(_ change: (inout HostileModel) -> Void) throws -> String? {
        var model = HostileModel()
        change(&model)
        let path = try Self.write(model, value: 0.1)
        defer { try? FileManager.default.removeItem(atPath: path) }
        do throws(ModelError) {
            _ = try Model.load(path: path)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static func write(_ model: HostileModel, value: Float) throws -> String {
        var writer = GGUFWriter()
        for (key, value) in model.metadata.sorted(by: { $0.key < $1.key }) { writer.add(key, value) }
        let names = model.tensors.keys.sorted()
        var byteCounts: [Int] = []
        for name in names {
            let (dimensions, type) = try #require(model.tensors[name])
            let tensorType = try #require(TensorType.all.first { $0.name == type })
            writer.addTensor(name, dimensions: dimensions, type: tensorType)
            byteCounts.append(dimensions.reduce(1, *) / tensorType.blockElements * tensorType.blockBytes)
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).gguf").path
        let pattern = withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init)
        try writer.write(to: path) { index in (0..<byteCounts[index]).map { pattern[$0 % pattern.count] } }
        return path
    }
}

/// A Llama model with one layer, to be modified by tests.
private struct HostileModel {
    var metadata: [String: GGUFValue] = [
        "general.architecture": .string("llama"), "llama.block_count": .uint32(1), "llama.context_length": .uint32(64),
        "llama.embedding_length": .uint32(32), "llama.feed_forward_length": .uint32(48),
        "llama.attention.head_count": .uint32(4), "llama.attention.head_count_kv": .uint32(2),
        "llama.attention.layer_norm_rms_epsilon": .float32(1e-5),
    ]
    var tensors: [String: ([Int], String)] = [
        "token_embd.weight": ([32, 16], "F32"), "output_norm.weight": ([32], "F32"),
        "blk.0.attn_norm.weight": ([32], "F32"), "blk.0.attn_q.weight": ([32, 32], "F32"),
        "blk.0.attn_k.weight": ([32, 16], "F32"), "blk.0.attn_v.weight": ([32, 16], "F32"),
        "blk.0.attn_output.weight": ([32, 32], "F32"), "blk.0.ffn_norm.weight": ([32], "F32"),
        "blk.0.ffn_gate.weight": ([32, 48], "F32"), "blk.0.ffn_up.weight": ([32, 48], "F32"),
        "blk.0.ffn_down.weight": ([48, 32], "F32"),
    ]
}
