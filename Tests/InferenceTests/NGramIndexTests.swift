import Inference
import Testing

@Suite struct NGramIndexTests {
    /// The expected match, found by trying all positions.
    private func longestMatch(_ tokens: [Int32]) -> NGramIndex.Match? {
        var best: NGramIndex.Match?
        for place in tokens.indices.dropLast().reversed() {
            var length = 0
            while length < NGramIndex.longest, length <= place,
                tokens[place - length] == tokens[tokens.count - 1 - length]
            { length += 1 }
            if length >= 2, length > best?.length ?? 0 { best = .init(length: length, next: place + 1) }
        }
        return best
    }

    @Test func findsTheLatestOfTheLongestMatches() {
        var random = SystemRandomNumberGenerator()
        for alphabet in [3, 8, 40] as [Int32] {
            // Short enough to search all occurrences of a pair.
            var index = NGramIndex([])
            #expect(index.match == nil)
            for _ in 0..<(alphabet == 3 ? 60 : 300) {
                index.append(.random(in: 0..<alphabet, using: &random))
                #expect(index.match == longestMatch(index.tokens), "\(index.tokens)")
            }
            #expect(NGramIndex(index.tokens).match == index.match)
        }
    }

    @Test func continuesLikeTheText() {
        let index = NGramIndex([1, 2, 3, 4, 5, 9, 1, 2, 3])
        #expect(index.match == .init(length: 3, next: 3))
        #expect(index.continuation(.init(length: 3, next: 3), count: 3) == [4, 5, 9])
        // A loop.
        let circle = NGramIndex([7, 8, 7, 8, 7])
        #expect(circle.match == .init(length: 3, next: 3))
        #expect(circle.continuation(.init(length: 3, next: 3), count: 5) == [8, 7, 8, 7, 8])
        let same = NGramIndex([4, 4, 4])
        #expect(same.continuation(.init(length: 2, next: 2), count: 3) == [4, 4, 4])
    }

    @Test func lookupTakesBoundedTime() {
        let index = NGramIndex(Array(repeating: 0, count: 200_000))
        #expect(index.match == .init(length: NGramIndex.longest, next: 199_999))
        #expect(NGramIndex([5]).match == nil && NGramIndex([5, 5]).match == nil)
        #expect(NGramIndex([.min, -1, 3, .min, -1]).match == .init(length: 2, next: 2))
    }
}

@Suite struct PassCostTests {
    @Test func draftsNothingBeforeTheFirstMeasurement() {
        #expect(PassCosts(mostTokens: 4).best(chances: [1, 1, 1]).count == 0)
    }

    @Test func choosesTheDraftLengthWithTheBestRate() {
        var costs = PassCosts(fixed: [1, 1.5, 2, 3])
        #expect(costs.best(chances: [0.4, 0.9, 0.9]).count == 0)
        #expect(costs.best(chances: [0.3, 0.3, 0.3]).count == 0)
        #expect(costs.best(chances: [0.9, 0.9, 0.9]).count == 2)
        #expect(costs.best(chances: [0.9]).count == 1)
        #expect(costs.best(chances: [0.9, 0.9, 0.9], draftSeconds: 2).count == 0)
        #expect(costs.best(chances: [1, 1, 1, 1, 1, 1]).count == 2)
        #expect(costs.best(chances: []).count == 0)
        #expect(PassCosts(fixed: [1, 1.2, 1.4, 1.6]).best(chances: [0.6, 0.9, 0.95, 1]).count == 3)
        costs.record(100, tokens: 2)
        #expect(costs.best(chances: [0.9]).count == 1)
    }

    @Test func adaptsToMeasurements() {
        var costs = PassCosts(mostTokens: 4)
        costs.record(1, tokens: 1)
        #expect(costs.best(chances: [0.9]).count == 1)
        // A pass of two tokens takes as long as two passes.
        costs.record(2, tokens: 2)
        #expect(costs.best(chances: [0.9]).count == 0)
        // Old measurements lose weight.
        for _ in 0..<200 { costs.record(1, tokens: 1) }
        #expect(costs.best(chances: [0.9]).count == 1)
        // A single outlier has little effect.
        costs.record(50, tokens: 2)
        #expect(costs.best(chances: [0.9]).count == 1)
    }
}
