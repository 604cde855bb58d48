import Foundation
import Sampling
import Testing

@Suite struct SamplerChainTests {
    private let logits: [Float] = (0..<128).map { Float(($0 * 37) % 128) / 16 }

    @Test func drawsFollowTheProbabilities() {
        let logits: [Float] = [1, 2, 0.5, -1, 3, 0, 1.5, 2.5]
        var chain = SamplerChain(settings { _ in }, seed: 77, count: 8)
        let distribution = chain.distribution(logits: logits)
        let expected = Dictionary(uniqueKeysWithValues: distribution.map { ($0.token, $0.probability) })
        var counts: [Int32: Double] = [:]
        let draws = 50_000.0
        for _ in 0..<Int(draws) { counts[chain.sample(logits), default: 0] += 1 }
        let chiSquared = expected.reduce(0.0) { sum, entry in
            let difference = (counts[entry.key] ?? 0) - draws * entry.value
            return sum + difference * difference / (draws * entry.value)
        }
        // 7 degrees of freedom: exceeds 29.9 for one in 10,000 seeds, and this seed is fixed.
        #expect(chiSquared < 29.9)
    }

    @Test func theSameSeedGivesTheSameTokens() {
        var first = SamplerChain(SamplingSettings(), seed: 3)
        var second = SamplerChain(SamplingSettings(), seed: 3)
        var other = SamplerChain(SamplingSettings(), seed: 4)
        let tokens = (0..<50).map { _ in first.sample(logits) }
        #expect(tokens == (0..<50).map { _ in second.sample(logits) })
        #expect(tokens != (0..<50).map { _ in other.sample(logits) })
    }

    @Test func aSeedGivesTheSameTokensOnEveryPlatform() {
        var chain = SamplerChain(SamplingSettings(), seed: 42)
        let tokens = (0..<16).map { _ in chain.sample(logits) }
        #expect(tokens == Self.seed42)
    }

    private static let seed42: [Int32] = [
        86, 31, 13, 10, 3, 17, 38, 17, 121, 110, 62, 124, 55, 83, 114, 107,
    ]

    @Test func temperatureZeroChoosesTheFirstOfTheLikeliest() {
        var chain = SamplerChain(
            settings {
                $0.temperature = 0; $0.xtcProbability = 1; $0.typicalP = 0.1
            })
        #expect(chain.sample([1, 7, 3, 7, 2]) == 1)
        #expect(chain.distribution(logits: [1, 7, 3, 7, 2]) == [TokenProbability(token: 1, probability: 1)])
    }

    @Test(arguments: [SamplingSettings.Mirostat.off, .v1, .v2])
    func toleratesInvalidLogits(_ mirostat: SamplingSettings.Mirostat) {
        let broken: [[Float]] = [
            [.nan, .nan], [-.infinity, -.infinity, -.infinity], [.nan, 2, -.infinity], [.infinity, .infinity, 1],
            [.greatestFiniteMagnitude, -.greatestFiniteMagnitude], [0, 0, 0], [5], [],
            [Float](repeating: .nan, count: 5000),
        ]
        for logits in broken {
            for temperature: Float in [0, 1e-30, 0.8, 5] {
                var all = SamplingSettings()
                all.temperature = temperature
                all.mirostat = mirostat
                all.typicalP = 0.9
                all.topNSigma = 2
                all.xtcProbability = 1
                all.dynamicTemperatureRange = temperature / 2
                all.repeatPenalty = 1.2
                all.dryMultiplier = 1
                var chain = SamplerChain(all, count: logits.count)
                for token: Int32 in [0, 1, 0, 1, -5, .max] { chain.accept(token) }
                for _ in 0..<3 {
                    let token = chain.sample(logits)
                    #expect(token == 0 || logits.indices.contains(Int(token)))
                    let isAnyAllowed = logits.contains { $0 > -.infinity }
                    #expect(isAnyAllowed ? logits[Int(token)] > -.infinity : token == 0)
                }
            }
        }
    }

    @Test func toleratesInvalidSettings() {
        for value: Float in [.nan, .infinity, -.infinity, -1, 0, 1e30] {
            let all = settings {
                $0.temperature = value; $0.topP = value; $0.minP = value; $0.typicalP = value; $0.topNSigma = value
                $0.xtcProbability = value; $0.xtcThreshold = value; $0.repeatPenalty = value
                $0.presencePenalty = value; $0.frequencyPenalty = value; $0.dryMultiplier = value; $0.dryBase = value
                $0.dynamicTemperatureRange = value; $0.dynamicTemperatureExponent = value; $0.mirostatTau = value
                $0.topK = .min; $0.repeatLastN = .max; $0.dryAllowedLength = .min; $0.logitBias = [-1: value, 5: value]
            }
            for mirostat in SamplingSettings.Mirostat.allCases {
                var hostile = all
                hostile.mirostat = mirostat
                var chain = SamplerChain(hostile)
                for token in 0..<20 { chain.accept(Int32(token % 5)) }
                for _ in 0..<3 { #expect((0..<128).contains(chain.sample(logits))) }
            }
        }
    }

    @Test func forbiddenTokensAreNeverDrawn() {
        var chain = SamplerChain(settings { $0.logitBias = [2: -.infinity] })
        for _ in 0..<500 { #expect(chain.sample([0, 0, 50, 0]) != 2) }
    }

    @Test func changingSettingsKeepsHistoryAndRandomNumbers() {
        // Changed and restored between two draws: as if it had never been changed.
        var changed = SamplerChain(settings { $0.repeatPenalty = 1.3 }, seed: 8)
        var left = changed
        for token: Int32 in [3, 4, 5] { changed.accept(token); left.accept(token) }
        #expect(changed.sample(logits) == left.sample(logits))
        changed.update(
            settings {
                $0.temperature = 2; $0.repeatLastN = 1
            })
        changed.update(left.settings)
        #expect((0..<30).map { _ in changed.sample(logits) } == (0..<30).map { _ in left.sample(logits) })

        // A penalty that is enabled later includes earlier tokens.
        var late = SamplerChain(settings { _ in })
        for token: Int32 in [100, 101] { late.accept(token) }
        late.update(settings { $0.presencePenalty = 100 })
        #expect(!late.distribution(logits: logits).prefix(100).map(\.token).contains(100))
        late.update(settings { $0.temperature = 0 })
        #expect(late.sample(logits) == Int32(logits.indices.max { logits[$0] < logits[$1] } ?? -1))
    }

    @Test func xtcActsWithItsProbability() {
        var chain = SamplerChain(
            settings {
                $0.xtcProbability = 0.3; $0.xtcThreshold = 0.1; $0.topK = 2
            }, seed: 12)
        // Two tokens with 0.88 and 0.12: the likelier one is drawn only if XTC does not act.
        let draws = 20_000
        let first = (0..<draws).count { _ in chain.sample([2, 0]) == 0 }
        #expect(abs(Double(first) / Double(draws) - 0.7 * 0.8808) < 0.015)
    }

    @Test(arguments: [SamplingSettings.Mirostat.v1, .v2], [2.0, 3.5])
    func mirostatReachesItsTarget(_ version: SamplingSettings.Mirostat, tau: Double) {
        let count = 1000
        // A Zipf distribution, as the controller assumes.
        let logits = (0..<count).map { Float(-1.1 * log(Double($0 + 1))) }
        var chain = SamplerChain(
            settings {
                $0.mirostat = version; $0.mirostatTau = Float(tau)
            }, seed: 6, count: count)
        var surprise = 0.0
        let draws = 1500
        for _ in 0..<draws {
            let before = chain.distribution(logits: logits)
            let token = chain.sample(logits)
            surprise -= log2(before.first { $0.token == token }?.probability ?? 1)
        }
        #expect(abs(surprise / Double(draws) - tau) < 0.1)
    }
}
