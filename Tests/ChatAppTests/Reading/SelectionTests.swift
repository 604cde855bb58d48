import Chat
import ChatApp
import TUI
import Testing

/// Reading with a message selected.
@Suite struct SelectionTests {
    private func talked(_ count: Int = 3) -> Scene {
        var scene = Scene(60, 16)
        for number in 1...count { scene.talk("question \(number)", "answer\n\nwith\n\nlines \(number)") }
        return scene
    }

    @Test func altArrowsSelectMessagesAndReturnToTheInputAfterTheLast() {
        var scene = talked()
        scene.press(.alt(.up))
        #expect(scene.selectedText == "answer")
        scene.press(.alt(.up), .up)
        #expect(scene.selectedText == "answer")
        scene.press(.up)
        #expect(scene.selectedText == "question 2")
        #expect(view(scene.state).cursor == nil)
        scene.press(.down, .down, .down)
        #expect(scene.selectedText == "answer")
        scene.press(.alt(.down))
        #expect(scene.selectedText == nil)
        #expect(view(scene.state).cursor != nil)
    }

    @Test func theFirstSelectedMessageIsAVisibleOne() {
        var scene = talked(9)
        scene.press(.home, .alt(.down))
        #expect(scene.selectedText == "question 1")
        scene.press(.escape, .pageDown, .alt(.up))
        #expect(scene.shows("▌"))
    }

    @Test func theSelectedMessageIsAlwaysVisible() {
        var scene = talked(9)
        for key in Array(repeating: Key.alt(.up), count: 20) + Array(repeating: Key.alt(.down), count: 17) {
            scene.press(key)
            #expect(scene.shows("▌"))
        }
    }

    @Test func escapeAndTypingReturnToTheInput() {
        var scene = talked()
        scene.type("a dra")
        scene.press(.alt(.up), .escape)
        #expect(scene.selectedText == nil)
        scene.press(.alt(.up))
        scene.type("ft")
        #expect(scene.selectedText == nil)
        #expect(scene.state.composer.input.text == "a draft")
        scene.press(.alt(.up), .paste(" pasted"))
        #expect(scene.state.composer.input.text == "a draft pasted")
        scene.press(.alt(.up), .backspace)
        #expect(scene.state.composer.input.text == "a draft paste")
    }

    @Test func pagerKeysScrollWhileAMessageIsSelected() {
        var scene = talked(9)
        scene.press(.alt(.up), "g")
        #expect(scene.rows[3] == " question 1")
        scene.press(" ")
        #expect(scene.rows[3] != " question 1")
        scene.press("b")
        #expect(scene.rows[3] == " question 1")
        scene.press("j", "j", "k")
        #expect(scene.rows[2] == " question 1")
        scene.press("G")
        #expect(scene.shows("lines 9"))
        #expect(scene.state.composer.input.isEmpty)
    }

    /// The notice says what was done, not what was asked for.
    @Test(
        arguments: [
            (
                [.terminal], nil,
                "Copied the reply (12 characters) to the terminal's clipboard, if the terminal allows it"
            ),
            ([.program("xclip"), .terminal], nil, "Copied the reply (12 characters) to the clipboard with xclip"),
            (
                [.tmux, .terminal], nil,
                "Copied the reply (12 characters) to tmux's buffer: paste it with tmux's prefix and ]"
            ),
            (
                [.terminal], "tmux failed",
                "Copied the reply (12 characters) to the terminal's clipboard, if the terminal allows it, but tmux failed"
            ),
        ] as [([CopyReport.Target], String?, String)])
    func saysWhereATextWasCopied(targets: [CopyReport.Target], problem: String?, notice: String) {
        var scene = Scene(160)
        scene.send(.copied(CopyReport(name: "the reply", characters: 12, targets: targets, problem: problem)))
        #expect(scene.notice == notice)
    }

    @Test func copiesTheMessageOrItsCode() {
        var scene = Scene()
        let code = "First:\n```swift\nlet a = 1\n\n```\n1. then\n   ~~~~\n   b\n     c\n   ~~~~\n"
        scene.talk("Code, please", code)
        scene.press(.alt(.up))
        let first = Effect.copy("let a = 1\n\n", name: "code block 1 of 2 (swift)")
        let second = Effect.copy("b\n  c\n", name: "code block 2 of 2")
        #expect(scene.press("y") == [.copy(code, name: "the message")])
        #expect(scene.press("c") == [first])
        #expect(scene.press("c") == [second])
        #expect(scene.press("c") == [first])
        #expect(scene.press(.up, "c").isEmpty)
        #expect(scene.notice.contains("no code block"))
        scene.press(.escape)
        #expect(scene.enter("/copy") == [.copy(code, name: "the reply")])
        #expect(scene.enter("/copy code") == [second])
        #expect(scene.enter("/copy code 1") == [first])
        #expect(scene.enter("/copy code 3").isEmpty)
        #expect(scene.notice == "The reply has 2 code blocks; there is no number \"3\"")
    }

    @Test(arguments: [(80, 24), (40, 12), (20, 6)])
    func theStatusLineShowsTheKeys(width: Int, height: Int) throws {
        var scene = Scene(width, height)
        scene.talk("What is a good first day in Kyoto?", "Start early at **Fushimi Inari**, before the crowds.")
        scene.press(.alt(.up))
        try expectScreen(view(scene.state), "selection-\(width)x\(height)")
    }
}
