import Markdown
import Testing

/// Blocks and inlines of complete texts.
@Suite struct BlockTests {
    private func blocks(_ text: String) -> [Block] {
        var stream = MarkdownStream()
        return stream.extend(to: text, isComplete: true).finished
    }

    private func contents(_ text: String) -> [Block.Content] { blocks(text).map(\.content) }

    /// The inlines of a text with a single paragraph.
    private func inlines(_ text: String) -> [Inline] {
        guard case .paragraph(let inlines)? = contents(text).first else { return [] }
        return inlines
    }

    @Test func allKindsOfBlocks() {
        let text = """
            # Title

            Some *emphasis*, **strong**, ~~struck~~ and `code`.
            ## Second
            > quoted
            > - item

            ---
                indented

            ```swift title=x
            let a = 1

            ```
            """
        #expect(
            blocks(text) == [
                Block(.heading(1, [.text("Title")])),
                Block(
                    .paragraph([
                        .text("Some "), .emphasis([.text("emphasis")]), .text(", "), .strong([.text("strong")]),
                        .text(", "), .strike([.text("struck")]), .text(" and "), .code("code"), .text("."),
                    ]), followsBlankLine: true),
                Block(.heading(2, [.text("Second")])),
                Block(
                    .quote([
                        Block(.paragraph([.text("quoted")])),
                        Block(.item(ListItem(marker: .bullet, blocks: [Block(.paragraph([.text("item")]))]))),
                    ])),
                Block(.rule, followsBlankLine: true),
                Block(.code(CodeBlock(language: "", text: "indented"))),
                Block(.code(CodeBlock(language: "swift", text: "let a = 1\n")), followsBlankLine: true),
            ])
    }

    /// Scripts without spaces between words. Next to a space or a Latin word, CommonMark's own rules apply.
    @Test(
        arguments: [
            ("彼は**「はい」**と言った", [.text("彼は"), .strong([.text("「はい」")]), .text("と言った")]),
            ("**「」**です。", [.strong([.text("「」")]), .text("です。")]),
            ("**重要。**次に", [.strong([.text("重要。")]), .text("次に")]),
            ("**步骤(step):**首先", [.strong([.text("步骤(step):")]), .text("首先")]),
            ("그는 **\"예\"**라고", [.text("그는 "), .strong([.text("\"예\"")]), .text("라고")]),
            (
                "中文*“引用”*和***“粗”***字",
                [
                    .text("中文"), .emphasis([.text("“引用”")]), .text("和"), .emphasis([.strong([.text("“粗”")])]),
                    .text("字"),
                ]
            ),
            ("値は~~「古い」~~です", [.text("値は"), .strike([.text("「古い」")]), .text("です")]),
            ("`**「a」**b`と**`x`**を", [.code("**「a」**b"), .text("と"), .strong([.code("x")]), .text("を")]),
            ("**bold:**text", [.text("**bold:**text")]),
            ("中 ** 「文」 ** 字", [.text("中 ** 「文」 ** 字")]),
            (
                "$x$は**「$y$」**と",
                [.formula("x"), .text("は"), .strong([.text("「"), .formula("y"), .text("」")]), .text("と")]
            ),
        ] as [(String, [Inline])])
    func emphasisWithoutSpacesBetweenWords(text: String, expected: [Inline]) {
        #expect(inlines(text) == expected)
    }

    @Test func barsInCodeDoNotSplitCells() {
        let text = "| a | b | c |\n|---|---|---|\n| `x || y` | `p | q` | KEPT |\n| `e \\| f` | ` | ` | k |\n\n`a | b`"
        guard case .table(let table)? = contents(text).first else {
            Issue.record("no table")
            return
        }
        #expect(table.rows.first == [[.code("x || y")], [.code("p | q")], [.text("KEPT")]])
        #expect(table.rows.last?.first == [.code("e | f")])
        #expect(contents(text).last == .paragraph([.code("a | b")]))
    }

    @Test func singleCarriageReturnsEndLines() {
        let blocks = blocks("one\rtwo\r\rthree\r\nfour\n\nfive")
        #expect(
            blocks.map(\.content) == [
                .paragraph([.text("one"), .lineBreak, .text("two")]),
                .paragraph([.text("three"), .lineBreak, .text("four")]),
                .paragraph([.text("five")]),
            ])
        #expect(blocks.map(\.followsBlankLine) == [false, true, true])
    }

    @Test func listsBecomeItems() {
        let items = blocks("3. three\n4. four\n   - inner\n\n5) other\n- [ ] open\n- [x] done\n")
        #expect(
            items.map { block -> ListItem.Marker? in
                if case .item(let item) = block.content { item.marker } else { nil }
            } == [
                .number(3, delimiter: "."), .number(4, delimiter: "."), .number(5, delimiter: ")"),
                .task(isDone: false), .task(isDone: true),
            ])
        #expect(items.map(\.followsBlankLine) == [false, false, true, false, false])
        guard case .item(let four) = items[1].content else { return }
        #expect(four.blocks.count == 2)
    }

    @Test func tablesKeepAlignment() {
        let expected = Table(
            alignments: [.left, .center, .right], header: [[.text("a")], [.text("b")], [.text("c")]],
            rows: [[[.code("1|")], [.strong([.text("2")])], []]])
        #expect(contents("|a|b|c|\n|---|:-:|--:|\n|`1\\|`|**2**|") == [.table(expected)])
        // After a paragraph without a blank line between.
        #expect(contents("text\n| a |\n|---|\n| 1 |").count == 2)
    }

    @Test func linksKeepDestinations() {
        #expect(inlines("[a](https://x.org)") == [.link(destination: "https://x.org", [.text("a")])])
        #expect(inlines("<https://x.org>") == [.link(destination: "https://x.org", [.text("https://x.org")])])
        #expect(
            inlines("see https://x.org/a_b_(c). And www.y.org!") == [
                .text("see "), .link(destination: "https://x.org/a_b_(c)", [.text("https://x.org/a_b_(c)")]),
                .text(". And "), .link(destination: "https://www.y.org", [.text("www.y.org")]), .text("!"),
            ])
        #expect(inlines("![alt](i.png)") == [.image(destination: "i.png", [.text("alt")])])
        #expect(inlines("nohttps://x.org") == [.text("nohttps://x.org")])
    }

    @Test func definitionsMayBeAnywhere() {
        let link = Inline.link(destination: "https://x.org", [.text("a")])
        #expect(inlines("[a][1]\n\ntext\n\n[1]: https://x.org \"title\"") == [link])
        #expect(
            contents("[1]: https://x.org\n\n- [a][1]") == [
                .item(ListItem(marker: .bullet, blocks: [Block(.paragraph([link]))]))
            ])
    }

    @Test func singleTildesAreText() {
        #expect(inlines("~5 to ~10") == [.text("~5 to ~10")])
    }

    @Test func lineBreaksAndTags() {
        #expect(
            inlines("a\nb<br>c<b>") == [.text("a"), .lineBreak, .text("b"), .html("<br>"), .text("c"), .html("<b>")])
        guard case .table(let table)? = contents("| a<br>b | **c<BR />d** |\n|-|-|\n| `<br>` | <bread> |").first else {
            Issue.record("no table")
            return
        }
        #expect(
            table.header == [
                [.text("a"), .lineBreak, .text("b")], [.strong([.text("c"), .lineBreak, .text("d")])],
            ])
        #expect(table.rows == [[[.code("<br>")], [.html("<bread>")]]])
        #expect(contents("<details>\nx\n</details>") == [.html("<details>\nx\n</details>")])
    }

    @Test(arguments: [
        ("$x_1$", "x_1"), (#"\(a \\ b\)"#, #"a \\ b"#), ("cost $$a_b$$ here", "a_b"), ("$2x$", "2x"), ("$5$", "5"),
        ("($n$)", "n"), ("$a*b*c$", "a*b*c"), ("$10 + 5 = 15$", "10 + 5 = 15"),
    ])
    func formulas(text: String, tex: String) {
        #expect(inlines(text).contains(.formula(tex)), "\(inlines(text))")
    }

    @Test(arguments: [
        "$5 and $10", "from $5 to $10.", "US$ 5 and A$ 7", "$HOME/$USER", "$HOME:$PATH", "pay $1,000 or $2,000!",
        "$5-$10", "it costs 5$ and 10$", "$ x $", "between $5 and 10$ or so", "a $ b",
    ])
    func moneyIsNotAFormula(text: String) {
        #expect(inlines(text) == [.text(text)])
    }

    @Test func moneyBeforeAFormulaIsText() {
        #expect(
            inlines("It costs $5 and $10. Let $a$ be") == [
                .text("It costs $5 and $10. Let "), .formula("a"), .text(" be"),
            ])
    }

    @Test func displayedFormulasAreBlocks() {
        #expect(contents("$$\na\n= b\n- c\n$$") == [.formula("\na\n= b\n- c\n")])
        #expect(
            contents("where\n\\[x\\]\nholds") == [
                .paragraph([.text("where")]), .formula("x"), .paragraph([.text("holds")]),
            ])
        #expect(contents("\\begin{align}a&=b\\end{align}") == [.formula("\\begin{align}a&=b\\end{align}")])
        #expect(contents("> $$\n> a\n> $$") == [.quote([Block(.formula("\n a\n "))])])
    }

    @Test func formulasInCodeAreText() {
        #expect(inlines("`$x$` and `\\(y\\)`") == [.code("$x$"), .text(" and "), .code("\\(y\\)")])
        #expect(contents("```\n$x$ `\n```") == [.code(CodeBlock(language: "", text: "$x$ `"))])
        #expect(contents("    $x$") == [.code(CodeBlock(language: "", text: "$x$"))])
        #expect(contents("- a\n  ```\n  $x$\n  ```").count == 1)
        #expect("\(contents("- a\n  ```\n  $x$\n  ```"))".contains("$x$"))
        // A formula found in code is shown as its source.
        #expect(
            contents("text\n\n    \\(x\\) $y$") == [
                .paragraph([.text("text")]), .code(CodeBlock(language: "", text: "\\(x\\) $y$")),
            ])
    }

    @Test func formulaMarksCannotBeForged() {
        let open = String(Unicode.Scalar(UInt32(0xFDD0)) ?? " "), close = String(Unicode.Scalar(UInt32(0xFDD1)) ?? " ")
        #expect(inlines("\(open)0\(close) $x$") == [.text("\u{FFFD}0\u{FFFD} "), .formula("x")])
    }
}
