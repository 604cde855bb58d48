import Foundation
import Inference
import Testing

/// Tiny random models of each family, compared with the reference's logits (scripts/golden/tiny_models.py).
struct FamilyTests {
    static let names = modelNames()
    static let promptLength = 48
    /// For models with 96 tokens.
    static let prompt = prompt(vocabulary: 96)

    @Test func everyFamilyHasAModel() throws {
        let families = try Set(
            Self.names.map { try Model.load(path: Golden.path("tiny/\($0).gguf")).summary.architecture })
        #expect(families == Set(Architectures.all.map(\.name)))
    }

    /// In F32, only a wrong formula causes a difference. The prompt is computed in one pass, in uneven batches, and token by
    /// token.
    @Test(arguments: names, [48, 7, 1])
    func logitsMatchTheReference(_ name: String, _ prefillBatch: Int) async throws {
        #expect(try await error(of: engine(name, prefillBatch: prefillBatch), name) < 1e-7)
    }

    @Test(arguments: InstructionSet.available, ["gemma3", "llama-experts", "gpt-oss"])
    func everyInstructionSetAgrees(_ set: InstructionSet, _ name: String) async throws {
        #expect(try await error(of: engine(name, set: set), name) < 1e-7)
    }

    @Test(arguments: zip([KVCacheType.f16, .q8_0], [1e-4, 1e-2]))
    func smallerCachesAreClose(_ type: KVCacheType, _ tolerance: Double) async throws {
        #expect(try await error(of: engine("qwen3", cache: type), "qwen3") < tolerance)
    }

    /// Every model with logits next to it.
    private static func modelNames() -> [String] {
        let files = try? FileManager.default.contentsOfDirectory(atPath: Golden.path("tiny"))
        return (files ?? []).filter { $0.hasSuffix(".f32") }.map { String($0.dropLast(4)) }.sorted()
    }

    /// The normalised error of the logits after each token of the prompt.
    private func error(of engine: Engine, _ name: String) async throws -> Double {
        let expected = try Golden.floats("tiny/\(name).f32")
        let vocabulary = expected.count / Self.promptLength
        let logits = try await engine.logits(tokens: Self.prompt(vocabulary: vocabulary), all: true)
        try #require(logits.allSatisfy { $0.count == vocabulary } && logits.count == Self.promptLength)
        return nmse(logits.joined(), expected)
    }

    static func prompt(vocabulary: Int) -> [Int32] {
        (0..<promptLength).map { Int32(($0 * 37 + 11) % vocabulary) }
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
