import TUI
import TestSupport
import Testing

@Suite struct WrappingTests {
    @Test(arguments: [
        ("the quick brown fox", 10, ["the quick", "brown fox"]),
        ("abcdefghijkl", 5, ["abcde", "fghij", "kl"]),
        ("  indented text wraps", 12, ["  indented", "  text wraps"]),
        ("日本語の文章です。", 8, ["日本語の", "文章で", "す。"]),
        ("a  b", 2, ["a", "b"]),
        ("", 10, [""]),
        ("word verylongwordthatdoesnotfit", 8, ["word", "verylong", "wordthat", "doesnotf", "it"]),
    ])
    func breaksAtNaturalPlaces(text: String, width: Int, lines: [String]) {
        #expect(Wrapping.wrap(text, width: width) == lines)
    }

    @Test func linesFitAndNothingIsLost() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<500 {
            let text = generator.text(length: 120)
            let width = Int.random(in: 2...40, using: &generator)
            let lines = Wrapping.wrap(StyledLine(text), width: width)
            #expect(lines.allSatisfy { $0.width <= width })
            // Only marks beyond what a cell can store are dropped.
            let expected = DisplayClusters(Sanitizer.visible(text)).map(\.text).joined().unicodeScalars
            let shown = lines.map(\.text).joined().unicodeScalars
            #expect(shown.filter { $0 != " " } == expected.filter { $0 != " " })
        }
    }

    /// Lines are cut from the text's bytes. Building them cluster by cluster gives the same result.
    @Test func wrappingMatchesClusterByCluster() {
        var generator = SeededGenerator(seed: 5)
        for round in 0..<1_000 {
            var line = StyledLine()
            for role in [StyleRole.text, .strong, .text, .code].prefix(.random(in: 1...4, using: &generator)) {
                let ascii = String(generator.text(length: 30).unicodeScalars.filter(\.isASCII))
                line.append(round % 3 == 0 ? ascii : generator.text(length: 30), role)
            }
            let width = Int.random(in: 2...24, using: &generator)
            #expect(
                Wrapping.wrap(line, width: width) == wrapped(line, width), "\(line.text.debugDescription) at \(width)")
        }
        let joined = StyledLine("a e\u{301}x 👩\u{200D}🔬 b\u{200D}c ’quoted’ 🇯🇵 日本", .text)
        for width in 2...20 { #expect(Wrapping.wrap(joined, width: width) == wrapped(joined, width)) }
    }

    private func wrapped(_ line: StyledLine, _ width: Int) -> [StyledLine] {
        var clusters: [DisplayCluster] = []
        var spans: [StyledLine.Span] = []
        for span in line.spans {
            for cluster in DisplayClusters(Sanitizer.visible(span.text)) {
                clusters.append(cluster)
                spans.append(span)
            }
        }
        let leading = clusters.prefix { $0.text == " " }.count
        let hanging = max(0, min(leading, width / 2, width - 2))
        return Wrapping.ranges(of: clusters, width: width, indent: hanging).enumerated().map { number, range in
            var result = StyledLine(number == 0 ? "" : String(repeating: " ", count: hanging))
            var end = range.upperBound
            while end > range.lowerBound, clusters[end - 1].text == " ", number > 0 || end > leading { end -= 1 }
            for position in range.lowerBound..<end {
                result.append(clusters[position].text, spans[position].role, link: spans[position].link)
            }
            return result
        }
    }

    @Test func stylesAreKept() {
        let line = StyledLine([.init("plain ", .text), .init("bold words", .strong)])
        let wrapped = Wrapping.wrap(line, width: 10)
        #expect(wrapped.map(\.text) == ["plain bold", "words"])
        #expect(wrapped[1].spans.map(\.role) == [.strong])
    }

    @Test func truncationAddsAnEllipsis() {
        #expect(Wrapping.truncate("日本語テキスト", width: 7) == "日本語…")
        #expect(Wrapping.truncate("short", width: 7) == "short")
    }
}
