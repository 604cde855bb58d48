import Sampling
import Testing

@Suite struct GoldenTests {
    @Test func allCasesAreRead() { #expect(GoldenCase.all.count == 62) }

    @Test(arguments: GoldenCase.all)
    func distributionMatchesNumPy(_ golden: GoldenCase) {
        var chain = SamplerChain(golden.settings, count: golden.logits.count)
        for token in golden.history { chain.accept(token) }
        let result = chain.distribution(logits: golden.logits)
        #expect(Set(result.map(\.token)) == Set(golden.tokens))
        let expected = Dictionary(uniqueKeysWithValues: zip(golden.tokens, golden.probabilities))
        for entry in result {
            let right = expected[entry.token] ?? 0
            #expect(abs(entry.probability - right) < 2e-5 * right + 1e-7, "token \(entry.token)")
        }
    }

    @Test(arguments: GoldenCase.all)
    func drawsOnlyRemainingTokens(_ golden: GoldenCase) {
        var chain = SamplerChain(golden.settings, seed: 5, count: golden.logits.count)
        for token in golden.history { chain.accept(token) }
        let allowed = Set(golden.tokens)
        // Mirostat adjusts its limit after a draw, so only the first draw is comparable.
        for _ in 0..<(golden.settings.mirostat == .off ? 20 : 1) {
            #expect(allowed.contains(chain.sample(golden.logits)))
        }
    }
}
