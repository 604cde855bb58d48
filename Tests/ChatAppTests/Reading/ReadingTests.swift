import Chat
import ChatApp
import TUI
import Testing

/// Scrolling, searching and the mouse.
@Suite struct ReadingTests {
    // MARK: Long conversations

    @Test func onlyVisibleMessagesOfTenThousandAreLaidOut() {
        var scene = Scene()
        scene.open(messages: 10_000)
        #expect(scene.shows("message 9999"))
        scene.press(.control(.home))
        #expect(scene.shows("message 0"))
        #expect(scene.shows("messages below"))
        for _ in 0..<20 {
            scene.press(.pageDown)
            #expect(scene.shows("messages below"))
        }
        scene.press(.end)
        #expect(scene.shows("message 9999"))
        // 22 pages of 24 rows, at three rows a message.
        #expect(scene.state.layoutCount < 22 * 9)

        let before = scene.state.layoutCount
        for key: Key in [.pageUp, .wheelDown, .alt(.up), .alt(.up), .pageDown, .escape] {
            scene.press(key)
            #expect(!scene.rows.isEmpty)
        }
        #expect(scene.state.layoutCount <= before + 8)
        let afterwards = scene.state.layoutCount
        for _ in 0..<10 { _ = scene.rows }
        #expect(scene.state.layoutCount == afterwards)
    }

    @Test func aVisibleMatchStaysVisibleAtAnySize() {
        var scene = Scene()
        let filler = (0..<400).map { "word\($0)" }.joined(separator: " ")
        scene.talk("question", filler + " lighthouse " + filler)
        scene.talk("more", filler)
        scene.enter("/find lighthouse")
        for size in [Size(width: 40, height: 12), Size(width: 20, height: 6), Size(width: 120, height: 40)] {
            scene.send(.resize(size))
            // Not the row that shows the search text.
            let isSeen = scene.rows.contains { $0.contains("lighthouse") && !$0.contains("1/1") }
            #expect(isSeen, "\(size)\n\(scene.rows.joined(separator: "\n"))")
        }
    }

    @Test func aSearchInTenThousandMessagesLaysOutOnlyTheVisibleOnes() {
        var scene = Scene()
        scene.open(messages: 10_000)
        _ = scene.rows
        let before = scene.state.layoutCount
        scene.enter("/find message 4321")
        #expect(scene.selectedText == "message 4321")
        #expect(scene.shows("search message 4321 · 1/1"))
        scene.press(.escape)
        scene.press(.control("s"))
        scene.type("MESSAGE 77")
        #expect(scene.shows("no match"))
        scene.press(.control("u"))
        scene.type("message 77")
        #expect(scene.shows("12/111"))
        #expect(scene.state.layoutCount < before + 100)
    }

    @Test func aNewWidthKeepsThePosition() {
        var scene = Scene(80, 24)
        let words = (1...400).map { "word\($0)" }.joined(separator: " ")
        scene.talk("Count", words)
        scene.press(.pageUp)
        let top = scene.rows[2].split(separator: " ").first.map(String.init) ?? ""
        scene.send(.resize(Size(width: 50, height: 24)))
        #expect(scene.rows[2...6].contains { $0.contains(top) })
        scene.send(.resize(Size(width: 80, height: 24)))
        #expect(scene.rows[2...4].contains { $0.contains(top) })
    }

    // MARK: Search

    private func kyoto() -> Scene {
        var scene = Scene(60, 16)
        scene.talk(
            "Where is the shrine?", "The **Fushimi Inari** shrine is *in* Kyoto, and it is a long walk up to it.")
        let lines = (1...20).map { "line \($0)\n\n" }.joined()
        scene.talk("And the market?", "1. Nishiki market\n2. The fish market\n\n\(lines)")
        scene.talk("Which market is better?", "The first market.")
        return scene
    }

    /// The text of the cells in a role's style, by row.
    private func text(_ role: StyleRole, _ scene: Scene) -> [String] {
        let surface = view(scene.state)
        let style = scene.state.screen.theme.style(role)
        return (0..<surface.size.height).map { y in
            (0..<surface.size.width).map { surface[$0, y] }.filter { $0.style == style }.map(\.text).joined()
        }.filter { !$0.isEmpty }
    }

    @Test func matchesAreCountedAndHighlightedAndCanBeSteppedThrough() {
        var scene = kyoto()
        scene.press(.control("s"))
        scene.type("market")
        #expect(scene.shows("search · 4/5"))
        #expect(text(.foundCurrent, scene) == ["market"])
        #expect(text(.found, scene).contains("market"))
        scene.press(.enter)
        #expect(scene.selectedText == "Which market is better?")
        scene.press("n")
        #expect(scene.selectedText == "The first market.")
        #expect(scene.shows("5/5"))
        scene.press("n")
        #expect(scene.shows("1/5"))
        #expect(scene.shows("And the market?"))
        scene.press("n")
        #expect(scene.shows("2/5"))
        #expect(scene.shows("Nishiki market"))
        scene.press("n", "N", "N", "N")
        #expect(scene.shows("5/5"))
        scene.press(.escape)
        #expect(text(.found, scene).isEmpty)
        #expect(scene.selectedText == nil)
        #expect(!scene.shows("5/5"))
    }

    @Test func cancellingASearchShowsThePreviousPosition() {
        var scene = kyoto()
        scene.type("draft")
        let before = scene.rows
        scene.press(.control("s"))
        scene.type("fushimi inari")
        #expect(scene.shows("The Fushimi Inari shrine"))
        #expect(!scene.shows("draft"))
        scene.press(.escape)
        #expect(scene.rows == before)
    }

    @Test(arguments: [
        ("fushimi inari shrine is in kyoto", 1), ("Fushimi", 1), ("FUSHIMI", 0), ("walk up to it", 1), ("in  kyoto", 1),
        ("nothing", 0), ("**fushimi", 1), ("line 20", 1), ("LINE", 0), ("?", 3),
    ])
    func visibleTextIsFound(pattern: String, count: Int) {
        var scene = kyoto()
        scene.press(.control("s"), .paste(pattern))
        #expect(scene.shows(count == 0 ? "no match" : "/\(count) "), "\(pattern)")
        scene.press(.enter)
        #expect((scene.selectedText != nil) == (count > 0))
        if count == 0 { #expect(scene.notice == "No match for \"\(pattern)\"") }
    }

    /// A conversation whose first answer has reasoning and an alternative.
    private func branches() throws -> Scene {
        var scene = Scene(60, 16)
        scene.enter("Where to?")
        let thoughts = (1...30).map { "thought \($0): a **lighthouse**, maybe\n\n" }.joined()
        try scene.think(thoughts, tokens: 9)
        scene.stream("To the harbour.")
        scene.finish()
        scene.enter("/regen")
        scene.stream("To the lighthouse, to the lighthouse!")
        scene.finish()
        scene.talk("And then?", "Home.")
        return scene
    }

    @Test func aMatchInFoldedReasoningOpensItWhileShown() throws {
        var scene = try branches()
        scene.press(.alt(.up), .alt(.up), .alt(.up), .left, .escape)
        #expect(scene.shows("To the harbour."))
        let folded = scene.rows
        scene.press(.control("s"))
        scene.type("lighthouse")
        #expect(scene.shows("1/30 +2 Tab"))
        scene.press(.down, .up)
        #expect(scene.shows("1/30"))
        #expect(scene.shows("│ thought 1: a lighthouse, maybe"))
        #expect(text(.foundCurrent, scene) == ["lighthouse"])
        scene.press(.escape)
        #expect(scene.rows == folded)
        scene.enter("/find thought 30")
        #expect(scene.shows("│ thought 30: a lighthouse, maybe"))
        #expect(text(.foundCurrent, scene) == ["thought 30"])
        scene.press(.escape)
        #expect(scene.rows == folded)
        // A match in the answer opens nothing, and reasoning that is open stays open.
        scene.enter("/find harbour")
        #expect(text(.foundCurrent, scene) == ["harbour"])
        #expect(!scene.shows("│"))
        scene.press("h", .escape)
        scene.enter("/find harbour")
        #expect(scene.shows("│ thought 30"))
        #expect(text(.foundCurrent, scene) == ["harbour"])
        scene.press(.escape)
        scene.enter("/think hide")
        scene.enter("/find thought 30")
        #expect(scene.notice.hasPrefix("No match for"))
    }

    @Test func matchesOnOtherBranchesAreCountedAndReachable() throws {
        var scene = try branches()
        scene.press(.control("s"))
        scene.type("lighthouse")
        #expect(scene.shows("search · 1/2 · 30 more on other branches: Tab"))
        #expect(scene.press(.tab).contains(.saveSession(scene.state.session.record)))
        #expect(scene.path.last?.content == "To the harbour.")
        #expect(scene.shows("search lighthouse · 1/30 +2 Tab"))
        #expect(scene.shows("│ thought 1: a lighthouse, maybe"))
        scene.press("n")
        #expect(scene.shows("2/30"))
        scene.press(.tab)
        #expect(
            scene.path.map(\.content) == ["Where to?", "To the lighthouse, to the lighthouse!", "And then?", "Home."])
        #expect(scene.shows("1/2"))
        #expect(!scene.shows("│ thought"))
        scene.press(.escape)
        scene.enter("/find harbour")
        #expect(scene.notice == "No match for \"harbour\" in this branch. Tab goes to the branch that has it")
        #expect(scene.shows("no match"))
        scene.press(.tab)
        #expect(scene.path.last?.content == "To the harbour.")
        scene.press(.escape)
        scene.enter("/find Where")
        #expect(scene.press(.tab).isEmpty)
        #expect(scene.notice == "No other branch contains \"Where\"")
    }

    @Test func wrappedMatchesAndOtherScriptsAreHighlighted() {
        var scene = Scene(30, 16)
        scene.talk("Über ÜBER über", "> quoted words that go on\n\n清水寺の舞台から飛び降りるつもりで行きました。")
        scene.enter("/find words that go on")
        #expect(text(.foundCurrent, scene).joined(separator: " ").contains("go on"))
        scene.press(.escape)
        scene.enter("/find 飛び降りるつもりで行きました")
        #expect(text(.foundCurrent, scene).joined() == "飛び降りるつもりで行きました")
        scene.press(.escape)
        scene.enter("/find über")
        #expect(scene.shows("/3 "))
        scene.press(.escape)
        scene.enter("/find Über")
        #expect(scene.shows("/1 "))
        scene.press(.escape)
        scene.enter("/find e\u{301}")
        #expect(scene.notice.hasPrefix("No match for"))
    }

    @Test func aSearchFollowsChangesOfTheBranch() {
        var scene = kyoto()
        scene.enter("/find market")
        scene.press("d")
        #expect(scene.shows("3 matches"))
        scene.press("n")
        #expect(scene.shows("2/3 "))
        scene.press("u")
        #expect(scene.shows("2/5 "))
        scene.press(.escape)
        scene.enter("/find nothing of the kind")
        #expect(scene.shows("No match for"))
        scene.press(.alt(.up), "n")
        #expect(scene.notice.contains("Search first"))
    }

    @Test func highlightsChangeOnlyColours() {
        var scene = kyoto()
        let plain = scene.rows[2..<12]
        scene.press(.control("s"))
        for character in "which Market" {
            scene.type(String(character))
            #expect(scene.rows[2..<12] == plain)
        }
    }

    @Test(arguments: [(80, 24), (40, 12), (20, 6)])
    func theScreenOfASearch(width: Int, height: Int) throws {
        var scene = kyoto()
        scene.send(.resize(Size(width: width, height: height)))
        scene.press(.control("s"))
        scene.type("market")
        try expectScreen(view(scene.state), "searching-\(width)x\(height)")
        scene.press(.enter, "n", "n")
        try expectScreen(view(scene.state), "found-\(width)x\(height)")
    }

    // MARK: The mouse

    @Test func aClickSelectsAMessageOrPressesAControl() throws {
        var scene = Scene()
        scene.talk("Hi", "First")
        scene.enter("/regen")
        scene.stream("Second")
        scene.finish()
        let row = try #require(scene.rows.firstIndex { $0.contains("‹ 2/2 ›") })
        let column = try #require(scene.rows[row].firstRange(of: "‹"))
        let x = scene.rows[row].distance(from: scene.rows[row].startIndex, to: column.lowerBound)
        scene.press(.click(Point(x: x, y: row)))
        #expect(scene.path.last?.content == "First")
        scene.press(.click(Point(x: x + 6, y: row)))
        #expect(scene.path.last?.content == "Second")
        scene.press(.escape)
        // A click that brings the window to the front does nothing: a message is selected by two, or by its first line.
        scene.press(.click(Point(x: 3, y: row - 2)))
        #expect(scene.selectedText == nil)
        scene.wait(2)
        scene.press(.click(Point(x: 3, y: row - 2)))
        #expect(scene.selectedText == nil)
        scene.press(.click(Point(x: 3, y: row - 2)))
        #expect(scene.selectedText == "Hi")
        scene.press(.click(Point(x: 3, y: row + 1)))
        #expect(scene.selectedText == "Second")
        scene.press(.click(Point(x: 3, y: row + 8)))
        #expect(scene.selectedText == "Second")
        scene.press(.click(Point(x: 75, y: 23)))
        #expect(scene.selectedText == nil)
        scene.press(.click(Point(x: 3, y: row)))
        #expect(scene.selectedText == "Second")
        scene.press(.escape)
        scene.press(.click(Point(x: 75, y: 23)))
        #expect(scene.shows("Help"))
    }

    @Test func aClickPlacesTheCursorInTheInput() {
        var scene = Scene(30, 16)
        scene.press(.paste("one two three four five six seven\n\n日本語"))
        let rows = scene.rows
        for (text, offset) in [("seven", 2), ("three", 0), ("日本", 0), ("one", 3)] {
            let y = rows.lastIndex { $0.contains(text) } ?? 0
            let prefix = rows[y].prefix(upTo: rows[y].firstRange(of: text)?.lowerBound ?? rows[y].endIndex)
            scene.press(.click(Point(x: prefix.count + offset, y: y)))
            #expect(view(scene.state).cursor == Point(x: prefix.count + offset, y: y))
        }
        scene.type("!")
        #expect(scene.state.composer.input.text.hasPrefix("one! two"))
        scene.press(.click(Point(x: 29, y: rows.lastIndex { $0.contains("日本") } ?? 0)))
        scene.type("!")
        #expect(scene.state.composer.input.text.hasSuffix("日本語!"))
    }

    @Test func theMouseCanBeLeftToTheTerminal() {
        var scene = Scene()
        #expect(scene.enter("/mouse off") == [.captureMouse(false)])
        #expect(!scene.state.screen.capturesMouse)
        #expect(scene.enter("/mouse") == [.captureMouse(true)])
        #expect(scene.enter("/mouse perhaps").isEmpty)
        #expect(scene.notice == "/mouse must be on or off, not \"perhaps\"")
    }

    @Test func aMessageOpensInThePager() {
        var scene = Scene()
        scene.talk("Hi", "**Hello**")
        #expect(scene.press(.alt(.up), .enter) == [.page("**Hello**")])
        #expect(scene.press("o") == [.editDraft("**Hello**")])
        scene.send(.draftEdited("**Hello** there"))
        #expect(scene.press(.enter).saved?.conversation.path.last?.content == "**Hello** there")
    }
}
