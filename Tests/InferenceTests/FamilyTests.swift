import Foundation
import Inference
import Testing

/// Tiny random models of each family, compared with the reference's logits (scripts/golden/tiny_models.py).
struct FamilyTests {
    static let names = ["llama", "llama-yarn", "qwen2", "qwen3", "gemma2", "gemma3", "phi3-short", "phi3-long"]
    static let prompt = (0..<48).map { Int32(($0 * 37 + 11) % 96) }

    /// In F32, only a wrong formula causes a difference.
    @Test(arguments: names)
    func logitsMatchTheReference(_ name: String) async throws {
        let expected = try Golden.floats("tiny/\(name).f32")
        let logits = try await engine(name).logits(tokens: Self.prompt, all: true)
        #expect(logits.count == Self.prompt.count)
        #expect(nmse(logits.joined(), expected) < 1e-6)
        #expect(nmse(logits[47], expected.suffix(96)) < 1e-6)
    }

    @Test(arguments: InstructionSet.available)
    func everyInstructionSetAgrees(_ set: InstructionSet) async throws {
        let expected = try Golden.floats("tiny/gemma3.f32")
        let logits = try await engine("gemma3", set: set).logits(tokens: Self.prompt, all: true)
        #expect(nmse(logits.joined(), expected) < 1e-6)
    }

    /// The prompt in one batch, in uneven batches, and token by token.
    @Test(arguments: names, [1, 7, 48])
    func resultsDoNotDependOnPrefillBatch(_ name: String, _ prefillBatch: Int) async throws {
        let expected = try Golden.floats("tiny/\(name).f32")
        let logits = try await engine(name, prefillBatch: prefillBatch).logits(tokens: Self.prompt, all: true)
        #expect(nmse(logits.joined(), expected) < 1e-6)
    }

    @Test(arguments: zip([KVCacheType.f16, .q8_0], [1e-4, 1e-2]))
    func smallerCachesAreClose(_ type: KVCacheType, _ tolerance: Double) async throws {
        let expected = try Golden.floats("tiny/qwen3.f32")
        let logits = try await engine("qwen3", cache: type).logits(tokens: Self.prompt, all: true)
        #expect(nmse(logits.joined(), expected) < tolerance)
    }

    private func engine(
        _ name: String, set: InstructionSet? = nil, prefillBatch: Int? = nil, cache: KVCacheType = .f32
    ) throws -> Engine {
        try Engine(
            model: try Model.load(path: Golden.path("tiny/\(name).gguf")),
            options: EngineOptions(
                threads: 2, contextLength: name == "phi3-short" ? 256 : nil, cacheType: cache, instructionSet: set,
                prefillBatch: prefillBatch))
    }
}
