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

    /// Text of ASCII goes a way of its own; a character of another script at the very end sends it the other way.
    @Test func asciiIsWrappedLikeAllOtherText() {
        var generator = SeededGenerator(seed: 5)
        let letters = Array("ab c  d-e. f")
        for _ in 0..<500 {
            var line = StyledLine()
            for role in [StyleRole.text, .strong, .text, .code].prefix(.random(in: 1...4, using: &generator)) {
                let count = Int.random(in: 1...30, using: &generator)
                line.append(String((0..<count).map { _ in letters.randomElement(using: &generator)! }), role)
            }
            let width = Int.random(in: 2...24, using: &generator)
            let mark = StyledLine.Span(" é", .error)
            var other = Wrapping.wrap(StyledLine(line.spans + [mark]), width: width)
            var ascii = Wrapping.wrap(StyledLine(line.spans + [.init(" e", .error)]), width: width)
            other[other.count - 1].spans.removeLast()
            ascii[ascii.count - 1].spans.removeLast()
            #expect(ascii == other, "\(line.text.debugDescription) at \(width)")
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
