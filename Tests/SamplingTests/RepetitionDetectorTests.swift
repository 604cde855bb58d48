import Sampling
import Testing

@Suite struct RepetitionDetectorTests {
    private func alarm(_ tokens: some Sequence<Int32>) -> (after: Int, period: Int)? {
        var detector = RepetitionDetector()
        for (index, token) in tokens.enumerated() {
            if let period = detector.push(token) { return (index + 1, period) }
        }
        return nil
    }

    /// Tokens that never repeat.
    private let prose = (0..<300).map { Int32(10_000 + $0) }

    @Test(arguments: [1, 2, 3, 7, 22, 64, 100, 256])
    func detectsLoops(period: Int) throws {
        let loop = (0..<period * 400).map { Int32($0 % period) }
        let found = try #require(alarm(prose + loop))
        #expect(found.period == period)
        #expect(found.after == prose.count + period + 256 + 3 * period)
    }

    @Test func detectsALoopOfZeros() { #expect(alarm(repeatElement(0, count: 400))?.period == 1) }

    @Test func ignoresLongerLoops() { #expect(alarm((0..<5000).map { Int32($0 % 300) }) == nil) }

    @Test func ignoresLegitimateRepetition() {
        let dashes = repeatElement(Int32(1), count: 200)
        #expect(alarm(prose + dashes + prose) == nil)
        // A table of 60 rows of 8 tokens, one of which differs in each row.
        let table = (0..<480).map { (index: Int) -> Int32 in index % 8 == 3 ? Int32(1000 + index) : Int32(index % 8) }
        #expect(alarm(table) == nil)
        // Increasing numbers with separators.
        let numbers = (0..<2000).map { (index: Int) -> Int32 in index % 2 == 0 ? Int32(index) : -1 }
        #expect(alarm(numbers) == nil)
        // A matrix of 10 × 10 zeros: "0", ",", … and a line break.
        let matrix = (0..<200).map { (index: Int) -> Int32 in index % 20 == 19 ? 7 : Int32(index % 2) }
        #expect(alarm(prose + matrix + prose) == nil)
    }
}
