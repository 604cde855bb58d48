import Chat
import Testing

@Suite struct TransferProgressTests {
    @Test(
        arguments: [
            (0, "0 B"), (512, "512 B"), (999, "999 B"), (1000, "1.0 kB"), (9_949, "9.9 kB"), (9_960, "10 kB"),
            (999_499, "999 kB"), (999_500, "1.0 MB"), (93_000_000, "93 MB"), (4_100_000_000, "4.1 GB"),
            (2_500_000_000_000, "2.5 TB"), (-1, "0 B"), (.max, "9223372 TB"),
        ] as [(Int, String)])
    func bytesHaveOneForm(bytes: Int, text: String) { #expect(ByteText.size(bytes) == text) }

    @Test(
        arguments: [
            (0, "0 s"), (4.4, "4 s"), (119, "119 s"), (120, "2 min"), (7100, "118 min"), (7200, "2 h"),
            (172_800, "2 d"), (1e300, "9999 d"), (.infinity, "?"), (-1, "?"), (.nan, "?"),
        ] as [(Double, String)])
    func durationsHaveOneForm(seconds: Double, text: String) { #expect(DurationText.whole(seconds) == text) }

    @Test func theRateIsThatOfTheLastSeconds() {
        var progress = TransferProgress(bytes: 0, total: 100_000_000)
        #expect(!progress.hasBegun && progress.facts(at: 0) == ["0 B of 100 MB"])
        // Lists of files are not the model.
        progress.update(500, of: nil, at: 0)
        #expect(!progress.hasBegun)
        for second in 0...20 { progress.update(2_000_000 + second * 1_000_000, of: nil, at: Double(second)) }
        #expect(progress.percent == 22)
        #expect(progress.facts(at: 20) == ["22 MB of 100 MB", "1.0 MB/s", "78 s left"])
        // A server that sends everything again.
        progress.update(3_000_000, of: nil, at: 21)
        #expect(progress.rate(at: 21) == nil)
    }

    @Test func aClockThatIsSetBackStartsTheRateAgain() {
        var progress = TransferProgress(bytes: 0, total: 100_000_000)
        progress.update(10_000_000, of: nil, at: 1000)
        progress.update(20_000_000, of: nil, at: 10)
        progress.update(30_000_000, of: nil, at: 11)
        #expect(progress.rate(at: 11) == 10_000_000)
    }

    @Test(arguments: [(-5, 10), (20, 10), (.max, .max), (5, 0)] as [(Int, Int)])
    func wrongNumbersAreBounded(bytes: Int, total: Int) {
        var progress = TransferProgress()
        progress.update(bytes, of: total, at: 1)
        #expect(progress.percent.map { (0...100).contains($0) } ?? true)
        #expect(progress.bytes >= 0)
    }
}
