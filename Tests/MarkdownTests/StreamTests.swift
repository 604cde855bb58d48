import Markdown
import Testing

/// Growing texts.
@Suite struct StreamTests {
    static let sample = """
        # Title
        Some *text* with a [link](https://x.org) and
        a second line.

        1. one
        2. two
           - inner **bold**

           ```py
           x = "$a$"
           ```
        3. three

        | a | b |
        |---|--:|
        | 1 | 2 |
        | 3 | 4 |

        ```swift
        let a = 1

        let b = 2
        ```
        After it. Then $x^2$ and
        $$
        a = b
        - c
        $$

        > quoted
        > more

        ~~~
        unclosed
        """

    private func complete(_ text: String) -> [Block] {
        var stream = MarkdownStream()
        return merged(stream.extend(to: text, isComplete: true).finished)
    }

    /// Joins the pieces of each code block.
    private func merged(_ blocks: [Block]) -> [Block] {
        var result: [Block] = []
        for block in blocks {
            if case .code(let piece) = block.content, piece.isContinuation, case .code(var code)? = result.last?.content
            {
                code.text += "\n" + piece.text
                result[result.count - 1].content = .code(code)
            } else {
                result.append(block)
            }
        }
        return result
    }

    @Test(arguments: [1, 2, 3, 7, 50]) func streamingMatchesCompleteText(step: Int) {
        var stream = MarkdownStream()
        var finished: [Block] = []
        var text = ""
        for (index, character) in Self.sample.enumerated() {
            text.append(character)
            if index % step == 0 { finished += stream.extend(to: text, isComplete: false).finished }
        }
        let end = stream.extend(to: Self.sample, isComplete: true)
        #expect(end.tail.isEmpty)
        #expect(merged(finished + end.finished) == complete(Self.sample))
    }

    @Test func blocksFinishOnceAndTheTailStaysSmall() {
        var stream = MarkdownStream()
        var text = ""
        var finished = 0, largestTail = 0
        for number in 0..<300 {
            for word in ["Paragraph \(number)", " has **some", " words**.\n\n"] {
                text += word
                let update = stream.extend(to: text, isComplete: false)
                finished += update.finished.count
                largestTail = max(largestTail, update.tail.count)
            }
        }
        #expect(finished == 299)
        #expect(largestTail <= 2)
    }

    @Test func listItemsFinishOneByOne() {
        var stream = MarkdownStream()
        var text = ""
        var items: [Block] = []
        for number in 1...100 {
            text += "\(number). item\n\n     more\n"
            let update = stream.extend(to: text, isComplete: false)
            items += update.finished
            #expect(update.tail.count == 1)
        }
        items += stream.extend(to: text, isComplete: true).finished
        let numbers = items.map { block -> Int in
            if case .item(let item) = block.content, case .number(let number, _) = item.marker { number } else { 0 }
        }
        #expect(numbers == Array(1...100))
    }

    @Test func linesOfAnOpenFenceFinishOneByOne() {
        var stream = MarkdownStream()
        var text = "```c\n"
        var lines: [String] = []
        for number in 0..<200 {
            text += "line \(number)\nhalf"
            let update = stream.extend(to: text, isComplete: false)
            for block in update.finished { if case .code(let code) = block.content { lines.append(code.text) } }
            #expect(update.tail.map(\.content) == [.code(CodeBlock(language: "c", text: "half", isContinuation: true))])
            text.removeLast(4)
        }
        #expect(lines.count == 200 && lines[7] == "line 7")
    }

    /// No token turns text that was already shown into something else.
    @Test func openMarksDoNotFlicker() {
        let text = """
            Some **bold words** and `code here` and *more* of [the link](https://x.org/very/long).

            | name | value |
            |:-----|------:|
            | a    | 1     |

            ```swift
            let x = 1
            ```
            """
        var stream = MarkdownStream()
        var grown = ""
        for character in text {
            grown.append(character)
            let update = stream.extend(to: grown, isComplete: false)
            for block in update.tail + update.finished {
                switch block.content {
                case .paragraph(let inlines):
                    #expect(!plain(inlines).contains { "*`|](~".contains($0) }, "after \(grown): \(inlines)")
                case .code(let code): #expect(!code.text.contains("`"))
                default: break
                }
            }
        }
    }

    private func plain(_ inlines: [Inline]) -> String {
        inlines.map { inline in
            switch inline {
            case .text(let text), .code(let text), .formula(let text), .html(let text): text
            case .emphasis(let content), .strong(let content), .strike(let content): plain(content)
            case .link(_, let content), .image(_, let content): plain(content)
            case .lineBreak: " "
            }
        }.joined()
    }

    @Test func tablesAreRecognizedFromTheFirstBar() {
        var stream = MarkdownStream()
        var grown = ""
        for character in "| a | b |\n|:-:|--|\n| 1 | 2 |\n" {
            grown.append(character)
            if grown.count < 3 { continue }
            let tail = stream.extend(to: grown, isComplete: false).tail
            guard case .table? = tail.first?.content else {
                Issue.record("no table after \(grown.debugDescription): \(tail)")
                continue
            }
        }
    }

    @Test func lateDefinitionsStartOver() {
        var stream = MarkdownStream()
        let text = "See [a].\n\nMore.\n\n"
        #expect(stream.extend(to: text, isComplete: false).finished.count == 1)
        let update = stream.extend(to: text + "[a]: https://x.org\n", isComplete: true)
        #expect(update.startsOver)
        #expect(
            update.finished.first?.content
                == .paragraph([
                    .text("See "), .link(destination: "https://x.org", [.text("a")]), .text("."),
                ]))
    }

    /// Texts that would take much time, memory or depth.
    enum Hostile: String, CaseIterable {
        case quotes, quotedLines, items, emphasis, brackets, images, backticks, wideTable, longTable, dollars,
            openDollars
        case openFormulas, tags, addresses, longLine, longWideLine, definitions, fenceMarks, fences, numbers, nestedList
        case escapes, entities, underscores, zeros, marks, displays

        var text: String {
            func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
            return switch self {
            case .quotes: times(">", 50_000) + "x"
            case .quotedLines: times(times("> ", 200) + "x\n", 100)
            case .items: times("- ", 20_000) + "x"
            case .emphasis: times("*a **b ", 10_000)
            case .brackets: times("[", 50_000)
            case .images: times("![a](", 10_000)
            case .backticks: times("`", 50_001)
            case .wideTable: times("a|", 9_000) + "\n" + times("-|", 9_000) + "\n" + times("a\n", 9_000)
            case .longTable: times("|a", 32) + "|\n" + times("|-", 32) + "|\n" + times("|\n", 9_000)
            case .dollars: times("$", 50_000)
            case .openDollars: times("$a ", 20_000)
            case .openFormulas: times("\\(", 20_000)
            case .tags: times("<a ", 20_000)
            case .addresses: times("https://a.b/))))", 5_000)
            case .longLine: times("x", 1 << 20)
            case .longWideLine: times("日本語 ", 40_000)
            case .definitions: times("[a]: /b\n", 5_000)
            case .fenceMarks: times("``` ", 20_000)
            case .fences: times("```\nx\n```\n", 3_000)
            case .numbers: times("1. ", 20_000)
            case .nestedList: (0..<200).map { times("  ", $0) + "- x\n" }.joined()
            case .escapes: times("\\\n", 20_000)
            case .entities: times("&", 30_000)
            case .underscores: times("_a_ ", 10_000)
            case .zeros: times("\0", 20_000)
            case .marks: times("*_~", 20_000)
            case .displays: times("$$a\n", 10_000)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: Hostile.allCases) func hostileTextTakesBoundedTime(hostile: Hostile) {
        let text = hostile.text
        var stream = MarkdownStream()
        _ = stream.extend(to: text, isComplete: true)
        var growing = MarkdownStream()
        _ = growing.extend(to: String(text.prefix(text.count / 2)), isComplete: false)
        _ = growing.extend(to: text, isComplete: false)
    }
}
