import Chat
import Testing

/// Which recommended models suit a computer.
@Suite struct RecommendationsTests {
    private func model(_ title: String, _ parameters: Int, bytes: Int) -> RecommendedModel {
        RecommendedModel(
            address: "hf.co/a/\(title)", title: title, parameters: parameters, bytes: bytes, license: "MIT",
            use: .general, date: "2026-11-28", source: "a test")
    }

    private var models: [RecommendedModel] {
        [
            model("one", 1_000_000_000, bytes: 800_000_000), model("eight", 8_000_000_000, bytes: 5_000_000_000),
            model("eight-b", 8_000_000_000, bytes: 5_000_000_000),
            model("twelve", 12_000_000_000, bytes: 7_300_000_000),
            model("seventy", 70_000_000_000, bytes: 42_000_000_000),
        ]
    }

    @Test(arguments: [(16, "twelve"), (10, "eight"), (9, "eight"), (4, "one")])
    func theBestIsTheLargestWithRoom(gigabytes: Int, best: String) {
        #expect(Recommendations(models, memory: gigabytes * 1_000_000_000).best?.title == best)
    }

    @Test func theBestComesFirstAndTheRestBySize() {
        let ten = Recommendations(models, memory: 10_000_000_000)
        #expect(ten.fitting.map(\.title) == ["eight", "twelve", "eight-b", "one"])
        #expect(ten.tooLarge.map(\.title) == ["seventy"])
        let none = Recommendations(models, memory: 500_000_000)
        #expect(none.best == nil && none.fitting.isEmpty)
        #expect(none.tooLarge.map(\.title) == ["one", "eight-b", "eight", "twelve", "seventy"])
    }

    @Test func memoryIsEstimatedFromTheSize() {
        #expect(MemoryEstimate.byteCount(fileBytes: 10_000_000_000) == 11_512_000_000)
        #expect(MemoryEstimate.byteCount(fileBytes: 100) == 512_000_110)
        #expect(MemoryEstimate.byteCount(fileBytes: .max) == .max)
        #expect(MemoryEstimate.fit(75, in: 100) == .roomy && MemoryEstimate.fit(76, in: 100) == .tight)
        #expect(MemoryEstimate.fit(100, in: 100) == .tight && MemoryEstimate.fit(101, in: 100) == .tooLarge)
    }
}
