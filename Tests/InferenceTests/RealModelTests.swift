import Foundation
import Inference
import Sampling
import Testing

/// The two real models against the reference (scripts/golden/real_models.py). Skipped unless SOTTO_TEST_MODELS names
/// the folder they lie in; scripts/test sets it.
@Suite(.enabled(if: RealModel.folder != nil, "SOTTO_TEST_MODELS is not set"), .serialized)
struct RealModelTests {
    /// The reference's own logits move by about this much when its attention is computed another way: both engines
    /// round activations to bytes, and any difference before a rounding changes what is rounded.
    static let tolerance = 3e-3

    @Test(arguments: RealModel.allCases)
    func logitsAreTheReferences(_ real: RealModel) async throws {
        let golden = try GoldenModel(real)
        let logits = try await engine(real).logits(tokens: golden.tokens, all: true)
        let samples = 512
        let ours = logits.flatMap { row in (0..<samples).map { row[$0 * row.count / samples] } }
        #expect(golden.tokens.count >= 64)
        #expect(nmse(ours, try GoldenModel.halves(real)) < Self.tolerance)
        let likeliest = logits.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
        let agreeing = zip(likeliest, golden.likeliest).filter { $0 == $1 }.count
        #expect(agreeing * 10 >= golden.tokens.count * 9)
    }

    /// Along the reference's own greedy continuations the engine would choose the same token nearly everywhere, and
    /// elsewhere one that was nearly as likely. Free-running replies are no measure: behind the first near tie they
    /// are different texts, and the reference parts from itself there when its attention is computed another way.
    @Test(arguments: RealModel.allCases)
    func greedyChoicesAgree(_ real: RealModel) async throws {
        let engine = try engine(real)
        var total = 0
        var same = 0
        for prompt in try GoldenModel(real).prompts {
            let logits = try await engine.logits(tokens: prompt.tokens + prompt.continuation.dropLast(), all: true)
            for (index, row) in logits.dropFirst(prompt.tokens.count - 1).enumerated() {
                let choice = row.indices.max { row[$0] < row[$1] } ?? 0
                total += 1
                if choice == prompt.continuation[index] { same += 1 } else { #expect(prompt.margin[index] < 0.5) }
            }
        }
        #expect(total == 192)
        #expect(same * 100 >= total * 95, "\(same) of \(total)")
    }

    @Test(arguments: RealModel.allCases)
    func perplexityIsTheReferences(_ real: RealModel) async throws {
        let golden = try GoldenModel(real)
        let model = try Model.load(path: real.path)
        let tokenizer = try #require(model.tokenizer)
        let text = try String(contentsOfFile: Golden.path("text.txt"), encoding: .utf8)
        let tokens = tokenizer.encode(text, parseSpecial: false, addSpecial: true)
        #expect(tokens.count == golden.perplexity.tokens)
        let result = try await Engine(model: model, options: .init(contextLength: 512)).perplexity(tokens: tokens)
        #expect(abs(result.value / golden.perplexity.value - 1) < 0.01)
    }

    private func engine(_ real: RealModel) throws -> Engine {
        try Engine(model: try Model.load(path: real.path), options: EngineOptions(threads: 2, contextLength: 1024))
    }
}

/// What scripts/golden/real_models.py wrote about one model.
struct GoldenModel: Decodable {
    struct Prompt: Decodable {
        var tokens: [Int32]
        var continuation: [Int32]
        /// How far the reference's second choice was behind its first.
        var margin: [Double]
    }

    struct Perplexity: Decodable {
        var tokens: Int
        var value: Double
    }

    var tokens: [Int32]
    var likeliest: [Int]
    var prompts: [Prompt]
    var perplexity: Perplexity

    init(_ real: RealModel) throws {
        let data = try Data(contentsOf: Golden.folder.appendingPathComponent(real.rawValue + ".json"))
        self = try JSONDecoder().decode(GoldenModel.self, from: data)
    }

    /// Half floats as floats. (Infinities do not occur.)
    static func halves(_ real: RealModel) throws -> [Float] {
        let data = try Data(contentsOf: Golden.folder.appendingPathComponent(real.rawValue + ".f16"))
        return data.withUnsafeBytes { bytes in
            (0..<bytes.count / 2).map { index in
                let bits = bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
                let exponent = Int(bits >> 10 & 31)
                let fraction = Float(bits & 1023) / 1024
                let magnitude =
                    exponent == 0 ? fraction * Float(sign: .plus, exponent: -14, significand: 1)
                    : Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
                return bits >> 15 == 1 ? -magnitude : magnitude
            }
        }
    }
}

extension GenerationRequest {
    /// Always the likeliest token.
    static func greedy(_ prompt: Prompt, maxTokens: Int, stop: [String] = []) -> GenerationRequest {
        var sampling = SamplingSettings()
        sampling.temperature = 0
        let options = GenerationOptions(sampling: sampling, maxTokens: maxTokens, stop: stop)
        return GenerationRequest(prompt: prompt, options: { options })
    }
}
