import Rendering
import TUI
import TestSupport
import Testing

/// Markdown laid out as lines.
@Suite struct LayoutTests {
    private func lines(_ text: String, _ width: Int = 40, showsAddresses: Bool = true) -> [StyledLine] {
        var layout = MarkdownLayout(options: .init(width: width, showsAddresses: showsAddresses))
        layout.extend(to: text, isComplete: true)
        return layout.lines
    }

    private func texts(_ text: String, _ width: Int = 40) -> [String] {
        lines(text, width).map { line in
            var text = line.text
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    @Test func listsIndentAndNest() {
        let text = "- one two three four five\n  - inner\n    1. deep\n- [x] done\n- [ ] open\n\n10. ten"
        #expect(
            texts(text, 20) == [
                "• one two three four", "  five", "  ◦ inner", "    1. deep", "☑ done", "☐ open", "", "10. ten",
            ])
    }

    @Test func quotesHaveABar() {
        #expect(texts("> a **b**\n> - c\n>\n> > d") == ["│ a b", "│ • c", "│", "│ │ d"])
    }

    @Test func blankLinesFollowTheSource() {
        #expect(texts("# a\nb\n\n\n\nc\n- d\n\n  e\n- f") == ["a", "b", "", "c", "• d", "", "  e", "• f"])
    }

    @Test func codeKeepsColumnsOnABackground() {
        let code = lines("```swift\nlet a = 1\n\tb\n```", 12)
        #expect(code.map(\.text) == ["  swift     ", "  let a = 1 ", "      b     "])
        #expect(code.allSatisfy { line in line.spans.allSatisfy { $0.role != .text } })
        #expect(code[1].spans.map(\.role) == [.codeBlock, .syntaxKeyword, .codeBlock, .syntaxNumber, .codeBlock])
    }

    @Test func highlightingContinuesAcrossPieces() {
        var layout = MarkdownLayout(options: .init(width: 30))
        let text = "```c\n/* a\nb\nc */ int\n```\n"
        var grown = ""
        for character in text {
            grown.append(character)
            layout.extend(to: grown, isComplete: false)
        }
        var complete = MarkdownLayout(options: .init(width: 30))
        complete.extend(to: text, isComplete: true)
        #expect(layout.lines == complete.lines)
        #expect(complete.lines[2].spans.contains { $0.role == .syntaxComment && $0.text == "b" })
        #expect(complete.lines[3].spans.contains { $0.role == .syntaxType })
    }

    static let table = """
        | Language | Typing | First release and a word about it |
        |:---------|:------:|-----:|
        | Swift | static, strong | 2014 by Apple |
        | `Python` | dynamic | **1991** |
        """

    @Test func fittingTablesKeepNaturalWidths() {
        #expect(
            texts(Self.table, 80) == [
                "Language │     Typing     │ First release and a word about it",
                "─────────┼────────────────┼──────────────────────────────────",
                "Swift    │ static, strong │                     2014 by Apple",
                "Python   │    dynamic     │                              1991",
            ])
    }

    @Test func columnsShrinkAndWrap() {
        #expect(
            texts(Self.table, 40) == [
                "Language │    Typing     │ First release",
                "         │               │    and a word",
                "         │               │      about it",
                "─────────┼───────────────┼──────────────",
                "Swift    │    static,    │ 2014 by Apple",
                "         │    strong     │",
                "─────────┼───────────────┼──────────────",
                "Python   │    dynamic    │          1991",
            ])
    }

    @Test func veryNarrowTablesBecomeLists() {
        #expect(
            texts(Self.table, 18) == [
                "Language: Swift", "Typing: static,", "  strong", "First release and", "  a word about it:",
                "  2014 by Apple",
                "────────", "Language: Python", "Typing: dynamic", "First release and", "  a word about it:", "  1991",
            ])
    }

    /// Columns shrink down to their longest word. If there is no room for that, rows become lists.
    @Test func tablesDoNotBreakWords() {
        let table = "| algorithm | stable | notes |\n|-|-|-|\n| quicksort | no | depends very much on its pivot |"
        #expect(
            texts(table, 30) == [
                "algorithm │ stable │ notes", "──────────┼────────┼──────────", "quicksort │ no     │ depends",
                "          │        │ very much", "          │        │ on its", "          │        │ pivot",
            ])
        #expect(
            texts(table, 26) == [
                "algorithm: quicksort", "stable: no", "notes: depends very much", "  on its pivot",
            ])
    }

    @Test(arguments: [20, 40, 80]) func tablesFit(width: Int) {
        for columns in 1...12 {
            let row = "|" + (0..<columns).map { "cell number \($0)|" }.joined()
            let marks = "|" + String(repeating: "---|", count: columns)
            #expect(lines("\(row)\n\(marks)\n\(row)\n\(row)", width).allSatisfy { $0.width <= width })
        }
    }

    @Test func linksCarryOrShowTheirAddress() {
        let text = "see [here](https://x.org/a) or https://y.org and [bad](javascript:alert) [local](#x)"
        let shown = lines(text, 100).first
        #expect(shown?.text == "see here (https://x.org/a) or https://y.org and bad (javascript:alert) local")
        let linked = lines(text, 100, showsAddresses: false).first
        #expect(linked?.text == "see here or https://y.org and bad (javascript:alert) local")
        #expect(linked?.spans.compactMap(\.link?.address) == ["https://x.org/a", "https://y.org"])
    }

    @Test func hostileAddressesAreRejected() {
        for hostile in [
            "https://x.org/\u{1B}]8;;evil", "https://x.org/a b", "file:///etc/passwd", "javascript:x", "HTTPS:",
            "https://",
            "http://\u{9C}x", "data:text/html,x", String(repeating: "https://a", count: 300), "",
        ] where !hostile.unicodeScalars.contains("\u{9C}") {
            #expect(Hyperlink(hostile) == nil, "\(hostile)")
        }
        #expect(Hyperlink("https://x.org/\u{9C}é")?.address == "https://x.org/%C2%9C%C3%A9")
        #expect(Hyperlink("HTTPS://X.org")?.address == "HTTPS://X.org")
        #expect(Hyperlink("mailto:a@b.c") != nil)
    }

    @Test func formulasAreShownAsText() {
        #expect(texts("Let $x_1^2 \\le \\alpha$ and `$y$`.") == ["Let x₁² ≤ α and `$y$`.".replacing("`", with: "")])
        #expect(texts("$$\\frac{a}{b}$$") == ["   a", "  ───", "   b"])
        #expect(texts("$$\\frac{a + b}{c}$$", 6) == ["(a +", "b)/c"])
    }

    @Test func emphasisNests() {
        let spans = lines("**a *b*** ~~c~~ _d_ [`e`](http://f)").flatMap(\.spans)
        #expect(
            spans.map(\.role).filter { $0 != .text } == [
                .strong, .strongEmphasis, .strike, .emphasis, .code, .linkAddress,
            ])
    }

    @Test func finishedBlocksAreLaidOutOnce() {
        var layout = MarkdownLayout(options: .init(width: 40))
        var text = ""
        for number in 0..<200 {
            for word in ["## Part \(number)\n", "Some ", "words.\n", "\n", "- an item\n", "- another\n", "\n"] {
                text += word
                layout.extend(to: text, isComplete: false)
            }
        }
        let growing = layout.work
        layout.extend(to: text, isComplete: true)
        // A heading, a paragraph and two items in each part.
        #expect(layout.work.finished == 800)
        #expect(growing.finished >= 799)
        // The tail has one or two blocks in each of the 1,400 steps.
        #expect(growing.tail < 2 * 1_400)
        var complete = MarkdownLayout(options: .init(width: 40))
        complete.extend(to: text, isComplete: true)
        #expect(layout.lines == complete.lines)
    }

    // MARK: Properties

    @Test func linesAlwaysFitTheWidth() {
        var generator = SeededGenerator(seed: 5)
        let marks = [
            "# ", "- ", "1. ", "> ", "```", "\n", "\n\n", "**", "*", "`", "|", "|---|", "---", "    ", "[", "](", ")",
            "$", "$$",
            "\\[", "\\frac{", "}", "<b>", "&amp;", "https://a.b/c", "~~", "- [ ] ", "\t", "```swift\n",
            "\\begin{cases}", "a b c",
        ]
        for _ in 0..<300 {
            var text = ""
            for _ in 0..<30 {
                text += marks.randomElement(using: &generator) ?? ""
                if Bool.random(using: &generator) { text += generator.text(length: 6) }
            }
            let width = Int.random(in: 2...60, using: &generator)
            var layout = MarkdownLayout(options: .init(width: width, showsAddresses: Bool.random(using: &generator)))
            layout.extend(to: String(text.prefix(text.count / 2)), isComplete: false)
            #expect(layout.lines.allSatisfy { $0.width <= width }, "\(text.debugDescription) at \(width)")
            layout.extend(to: text, isComplete: true)
            #expect(layout.lines.allSatisfy { $0.width <= width }, "\(text.debugDescription) at \(width)")
        }
    }

    @Test func paragraphsKeepAllText() {
        var generator = SeededGenerator(seed: 6)
        let letters = Array("abcdefgh日本語ñüé👍🇦🇹ωж.,;123")
        for _ in 0..<300 {
            var words: [String] = []
            for _ in 0..<Int.random(in: 1...60, using: &generator) {
                let length = Int.random(in: 1...14, using: &generator)
                words.append("x" + String((0..<length).compactMap { _ in letters.randomElement(using: &generator) }))
            }
            let text = words.joined(separator: Bool.random(using: &generator) ? " " : "\n")
            let width = Int.random(in: 2...50, using: &generator)
            #expect(lines(text, width).map(\.text).joined().filter { $0 != " " } == text.filter { !$0.isWhitespace })
        }
    }

    @Test func streamedAndCompleteTextLookTheSame() {
        var generator = SeededGenerator(seed: 7)
        let marks = [
            "# a\n", "- a\n", "1. b\n", "> c\n", "```\n", "\n", "\n\n", "**d** ", "*e* ", "`f` ",
            "| a | b |\n|---|---|\n| c | d |\n",
            "---\n", "    g\n", "[h](https://i.j) ", "$k^2$ ", "$$l$$\n", "word ", "two\nlines\n", "- [x] m\n",
            "```swift\nlet a\n",
        ]
        for _ in 0..<150 {
            var text = ""
            var layout = MarkdownLayout(options: .init(width: 30))
            for _ in 0..<25 {
                text += marks.randomElement(using: &generator) ?? ""
                layout.extend(to: text, isComplete: false)
            }
            layout.extend(to: text, isComplete: true)
            #expect(layout.lines == lines(text, 30), "\(text.debugDescription)")
        }
    }
}
