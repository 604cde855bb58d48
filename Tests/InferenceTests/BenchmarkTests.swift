import Foundation
import Testing

@testable import Inference

/// Compares the costs of tokens with values calculated here from the tiny model's shapes.
struct BenchmarkTests {
    @Test func calculatesMediansAndFractions() {
        let odd = Benchmark.Speed(tokens: 8, rates: [30, 10, 20], costPerToken: 5, limits: [600, 200, 100])
        #expect(odd.median == 20 && odd.min == 10 && odd.max == 30)
        #expect(odd.fraction == 0.25)
        let even = Benchmark.Speed(tokens: 8, rates: [4, 1, 2, 3], costPerToken: 2, limits: [0, 0, 0, 0])
        #expect(even.median == 2.5)
        #expect(even.fraction == 0, "no limit was measured")
    }

    @Test func tokenCostsAreThoseOfTheMatrices() throws {
        let model = try Model.load(path: Golden.path("tiny/llama.gguf"))
        let config = try #require(model.transformer).config
        let size = config.hiddenSize
        let attention = try #require(config.attentions.first)
        // Its feed-forward networks have 48 rows.
        var perLayer = 3 * size * 48
        perLayer += size * attention.headDim * 2 * attention.heads
        perLayer += size * (attention.headDim + attention.valueDim) * attention.kvHeads
        let cost = model.tokenCost
        #expect(cost.layerProducts == config.layers.count * perLayer)
        #expect(cost.outputProducts == model.summary.vocabularyCount * size)
        #expect(cost.products(prompt: 10) == 10 * cost.layerProducts + cost.outputProducts)
        #expect(cost.weightBytes > 0 && cost.weightBytes <= model.summary.fileBytes)
    }

    /// Elements have 2 or 4 bytes; a layer with a sliding window reads no more than its window.
    @Test func countsBytesReadFromTheCache() throws {
        let config = try #require(try Model.load(path: Golden.path("tiny/llama.gguf")).transformer).config
        var attention = try #require(config.attentions.first)
        let row = attention.kvHeads * (attention.headDim + attention.valueDim)
        #expect(attention.cacheBytesRead(at: 0, type: .f16) == row * 2)
        #expect(attention.cacheBytesRead(at: 99, type: .f32) == row * 4 * 100)
        attention.span = .window(16)
        #expect(attention.cacheBytesRead(at: 99, type: .f16) == 16 * row * 2)
        #expect(attention.cacheBytesRead(at: 7, type: .f16) == row * 2 * 8)
        attention.span = .chunk(32)
        #expect(attention.cacheBytesRead(at: 99, type: .f16) == 4 * row * 2)
    }

    @Test(arguments: KVCacheType.allCases)
    func measuresAtADepth(type: KVCacheType) async throws {
        let model = try Model.load(path: Golden.path("tiny/llama.gguf"))
        let engine = try Engine(
            model: model, options: EngineOptions(threads: 1, contextLength: 64, cacheType: type))
        let result = try await engine.benchmark(.init(prefill: 24, decode: 8, depth: 40, repetitions: 1))
        for speed in [try #require(result.prefill), try #require(result.decode)] {
            #expect(speed.min > 0 && speed.min <= speed.median && speed.median <= speed.max)
            #expect(speed.fraction > 0)
        }
        #expect(result.machine.readBandwidth > 0 && result.machine.int8Peak > 0)
        let reading = try await engine.benchmark(.init(prefill: 4, decode: 0, repetitions: 1))
        #expect(reading.prefill?.tokens == 4 && reading.decode == nil)
        await #expect(throws: EngineError.promptTooLong(tokens: 65, limit: 64)) {
            try await engine.benchmark(.init(prefill: 25, decode: 0, depth: 40))
        }
    }
}
