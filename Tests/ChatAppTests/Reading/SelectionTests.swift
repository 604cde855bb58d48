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

    @Test func copiesTheMessageOrItsCode() {
        var scene = Scene()
        let code = "First:\n```swift\nlet a = 1\n\n```\n1. then\n   ~~~~\n   b\n     c\n   ~~~~\n"
        scene.talk("Code, please", code)
        scene.press(.alt(.up))
        #expect(scene.press("y") == [.copy(code)])
        #expect(scene.press("c") == [.copy("let a = 1\n\n")])
        #expect(scene.notice.hasPrefix("Copied code block 1 of 2 (swift)"))
        #expect(scene.press("c") == [.copy("b\n  c\n")])
        #expect(scene.press("c") == [.copy("let a = 1\n\n")])
        #expect(scene.press(.up, "c").isEmpty)
        #expect(scene.notice.contains("no code block"))
        scene.press(.escape)
        #expect(scene.enter("/copy") == [.copy(code)])
        #expect(scene.enter("/copy code") == [.copy("b\n  c\n")])
        #expect(scene.enter("/copy code 1") == [.copy("let a = 1\n\n")])
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
