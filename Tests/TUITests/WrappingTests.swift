import Testing
import TestSupport
import TUI

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
    func breaksWherePeopleWould(text: String, width: Int, lines: [String]) {
        #expect(Wrapping.wrap(text, width: width) == lines)
    }

    @Test func noLineIsTooWideAndNothingIsLost() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<500 {
            let text = generator.text(length: 120)
            let width = Int.random(in: 2...40, using: &generator)
            let lines = Wrapping.wrap(StyledLine(text), width: width)
            #expect(lines.allSatisfy { $0.width <= width })
            // Marks beyond what one cell holds are left out, and so is nothing else.
            let expected = DisplayClusters(Sanitizer.visible(text)).map(\.text).joined().unicodeScalars
            let shown = lines.map(\.text).joined().unicodeScalars
            #expect(shown.filter { $0 != " " } == expected.filter { $0 != " " })
        }
    }

    @Test func stylesStayWithTheirText() {
        let line = StyledLine([.init("plain ", .text), .init("bold words", .strong)])
        let wrapped = Wrapping.wrap(line, width: 10)
        #expect(wrapped.map(\.text) == ["plain bold", "words"])
        #expect(wrapped[1].spans.map(\.role) == [.strong])
    }

    @Test func truncationShowsThatSomethingIsMissing() {
        #expect(Wrapping.truncate("日本語テキスト", width: 7) == "日本語…")
        #expect(Wrapping.truncate("short", width: 7) == "short")
    }
}
