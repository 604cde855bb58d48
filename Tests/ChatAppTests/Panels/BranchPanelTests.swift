import Chat
import ChatApp
import TUI
import Testing

/// The tree of all messages, and two branches side by side.
@Suite struct BranchPanelTests {
    static let sizes = [(100, 30), (80, 24), (40, 12), (20, 6)]

    /// Two replies to the first message, the first of them with two continuations.
    private func forked(_ width: Int = 80, _ height: Int = 24) -> Scene {
        var scene = Scene(width, height)
        scene.talk("What is in Kyoto?", "**Temples**, and more of them than one can see in a week.")
        scene.talk("And in Nara?", "Deer.")
        scene.enter("/edit")
        scene.press(.control("u"))
        scene.talk("And in Osaka?", "A castle, and 大阪城公園 around it.\n\n" + (1...30).map { "- item \($0)\n" }.joined())
        scene.press(.alt(.up), .up, .up, "r")
        scene.stream("Shrines.")
        scene.finish()
        return scene
    }

    @Test(arguments: sizes) func theTree(width: Int, height: Int) throws {
        var scene = forked(width, height)
        scene.enter("/branch")
        try expectScreen(view(scene.state), "tree-\(width)x\(height)")
    }

    @Test func enterShowsTheBranchOfAMessage() {
        var scene = forked()
        scene.press(.function(6))
        scene.press(.up, .up)
        #expect(scene.shows("Branches · 7 messages"))
        let saved = scene.press(.enter).saved
        #expect(
            saved?.conversation.path.map(\.content).prefix(3) == [
                "What is in Kyoto?", "**Temples**, and more of them than one can see in a week.", "And in Osaka?",
            ])
        #expect(scene.path.count == 4)
        #expect(scene.selectedText != nil)
        // Left and Right select other alternatives.
        scene.press(.function(6), .up, .left, .enter)
        #expect(scene.path.map(\.content).last == "Deer.")
    }

    @Test func theTreeIsInOrderWhateverItsShape() {
        var scene = forked()
        scene.press(.function(6), .home)
        var seen: [String] = []
        for _ in 0..<12 {
            let row = scene.rows.first { $0.contains("│›") } ?? ""
            if seen.last != row { seen.append(row) }
            scene.press(.down)
        }
        #expect(seen.count == 7)
        scene.press("d")
        #expect(scene.shows("Branches · 6 messages"))
        scene.press("u")
        #expect(scene.shows("Branches · 7 messages"))
        scene.press(.home, "d")
        #expect(scene.shows("No messages yet"))
        scene.press(.enter, "u")
        #expect(scene.shows("Branches · 7 messages"))
    }

    /// Deeply nested alternatives neither overflow the stack nor leave the panel.
    @Test func aDeepTreeIsShown() {
        var scene = Scene()
        var conversation = Conversation()
        for _ in 0..<5000 {
            let parent = conversation.head
            let first = conversation.nextID()
            for number in 1...2 {
                conversation.append(
                    Message(
                        id: conversation.nextID(), parent: parent, role: .user, created: scene.now,
                        content: "number \(number)"))
            }
            conversation.moveHead(to: first)
        }
        scene.send(.sessionLoaded(SessionRecord(id: "deep", created: scene.now, conversation: conversation)))
        scene.press(.function(6))
        #expect(scene.shows("number 1"))
        scene.press(.home, .down)
        #expect(scene.shows("├ ○ You  number 2"))
        scene.press(.end, .enter)
        #expect(scene.path.count == 5000)
    }

    @Test(arguments: sizes) func sideBySide(width: Int, height: Int) throws {
        var scene = forked(width, height)
        scene.press(.alt(.up), "s", .tab)
        try expectScreen(view(scene.state), "compare-\(width)x\(height)")
    }

    @Test func everySizeDraws() {
        for width in stride(from: 20, through: 300, by: 35) {
            for height in [6, 7, 9, 10, 13, 14, 40, 100] {
                var scene = forked()
                scene.send(.resize(Size(width: width, height: height)))
                scene.press(.function(6))
                #expect(scene.shows("Branches"))
                scene.press("s")
                #expect(scene.shows("Tab"))
                #expect(scene.rows.filter { $0.contains("2/2 ›") }.count >= 1)
            }
        }
    }

    @Test func eachSideScrollsAndCanBeChosen() {
        var scene = forked()
        scene.press(.alt(.up), "s")
        #expect(scene.shows("▸ ‹ 2/2 ›"))
        scene.press(.tab, .end)
        #expect(scene.shows("item 30"))
        #expect(scene.shows("Shrines."))
        scene.press(.left)
        #expect(!scene.shows("item 30"))
        scene.press(.right, .enter)
        #expect(scene.path.last?.content.hasPrefix("A castle") == true)
        scene.press("s", .tab, .enter)
        #expect(scene.path.last?.content == "Shrines.")
        scene.press(.escape)
        #expect(scene.selectedText == nil)
    }

    @Test func aClickSelectsARowAndASecondOneShowsIt() throws {
        var scene = forked()
        scene.press(.function(6))
        let row = try #require(scene.rows.firstIndex { $0.contains("And in Nara?") })
        scene.press(.click(Point(x: 20, y: row)))
        #expect(scene.rows[row].contains("│›"))
        scene.press(.click(Point(x: 20, y: row)))
        #expect(scene.path.last?.content == "Deer.")
        scene.press(.up, "s", .click(Point(x: 60, y: 5)), .enter)
        #expect(scene.path.last?.content == "Shrines.")
    }

    @Test func anyTwoMessagesCanBeCompared() {
        var scene = forked()
        scene.press(.function(6), .home, " ", .end, "s")
        #expect(scene.shows("one branch"))
        #expect(scene.shows("Shrines."))
        scene.press(.escape, .escape, .alt(.up), .up, "s")
        #expect(scene.notice.contains("no alternative to compare"))
    }
}
