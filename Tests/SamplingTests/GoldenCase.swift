import Foundation
import Sampling
import Testing

/// A case of Golden/sampling.json, computed with NumPy.
///
///     python3 scripts/golden/sampling.py > Tests/SamplingTests/Golden/sampling.json
struct GoldenCase: Sendable, CustomTestStringConvertible {
    let name: String
    let logits: [Float]
    let settings: SamplingSettings
    let history: [Int32]
    /// The remaining tokens, likeliest first.
    let tokens: [Int32]
    let probabilities: [Double]

    var testDescription: String { name }

    static let all: [GoldenCase] = {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/sampling.json")
        guard let data = try? Data(contentsOf: path),
            let list = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
        else { return [] }
        return list.compactMap(GoldenCase.init)
    }()

    private init?(_ json: [String: Any]) {
        guard let name = json["name"] as? String, let logits = json["logits"] as? [Double],
            let overrides = json["settings"] as? [String: Any], let history = json["history"] as? [Int],
            let tokens = json["tokens"] as? [Int], let probabilities = json["probabilities"] as? [Double],
            let settings = Self.settings(overrides)
        else { return nil }
        self.name = name
        self.logits = logits.map { Float($0) }
        self.settings = settings
        self.history = history.map { Int32($0) }
        self.tokens = tokens.map { Int32($0) }
        self.probabilities = probabilities
    }

    /// The default settings with overrides.
    private static func settings(_ overrides: [String: Any]) -> SamplingSettings? {
        guard let defaults = try? JSONEncoder().encode(SamplingSettings()),
            var fields = try? JSONSerialization.jsonObject(with: defaults) as? [String: Any]
        else { return nil }
        for (name, value) in overrides where name != "logitBias" {
            guard fields[name] != nil else { return nil }
            fields[name] = value
        }
        guard let data = try? JSONSerialization.data(withJSONObject: fields),
            var settings = try? JSONDecoder().decode(SamplingSettings.self, from: data)
        else { return nil }
        for (token, bias) in overrides["logitBias"] as? [String: Double] ?? [:] {
            guard let token = Int32(token) else { return nil }
            settings.logitBias[token] = Float(bias)
        }
        return settings
    }
}

/// A tokenizer in which every token is a byte.
let byteVocabulary = BreakerVocabulary(
    count: 128, bytes: { [UInt8(truncatingIfNeeded: $0)] }, encode: { $0.map { Int32($0) } })

/// Settings with all samplers off, except for the given change.
func settings(_ change: (inout SamplingSettings) -> Void) -> SamplingSettings {
    var settings = SamplingSettings()
    settings.temperature = 1
    settings.topK = 0
    settings.topP = 1
    settings.minP = 0
    change(&settings)
    return settings
}

extension SamplerChain {
    init(_ settings: SamplingSettings, seed: UInt64 = 1, count: Int = 128) {
        self.init(settings: settings, seed: seed, vocabularyCount: count, breakers: byteVocabulary)
    }

    mutating func sample(_ logits: [Float]) -> Int32 { logits.withUnsafeBufferPointer { sample(logits: $0) } }
}
