import ChatApp
import TUI
import Testing

/// Ctrl-R: searching the input history.
@Suite struct HistorySearchTests {
    private func scene(_ width: Int = 80, _ height: Int = 24) -> Scene {
        var scene = Scene(width, height)
        for line in [
            "/set temperature 0.5", "What is a good day in Kyoto?\nAnd in Osaka?", "/set top_p 0.8", "Thanks!",
        ] {
            scene.send(.key(.paste(line)))
            scene.press(.enter)
            scene.finish()
        }
        return scene
    }

    @Test func showsTheQueryAndTheMatch() throws {
        var scene = scene()
        scene.type("a draft")
        scene.press(.control("r"))
        scene.type("osa")
        try expectScreen(view(scene.state), "history-search")
        try expectScreen(view(resized(scene, 40, 12)), "history-search-40x12")
        try expectScreen(view(resized(scene, 20, 6)), "history-search-20x6")
    }

    private func resized(_ scene: Scene, _ width: Int, _ height: Int) -> AppState {
        var scene = scene
        scene.send(.resize(Size(width: width, height: height)))
        return scene.state
    }

    @Test func ctrlRGoesToOlderMatchesAndEnterTakesOne() {
        var scene = scene()
        scene.press(.control("r"))
        scene.type("/set")
        #expect(scene.shows("/set top_p 0.8"))
        scene.press(.control("r"))
        #expect(scene.shows("/set temperature 0.5"))
        scene.press(.control("r"))
        #expect(scene.shows("/set temperature 0.5"))
        scene.press(.control("s"))
        #expect(scene.shows("/set top_p 0.8"))
        let effects = scene.press(.control("r"), .enter)
        #expect(effects.isEmpty)
        #expect(scene.state.composer.input.text == "/set temperature 0.5")
        scene.press(.down)
        #expect(scene.state.composer.input.text.hasPrefix("What is"))
    }

    @Test(arguments: [Key.escape, .control("g"), .control("c")])
    func cancellingRestoresTheDraft(key: Key) {
        var scene = scene()
        scene.type("a draft")
        scene.press(.control("r"))
        scene.type("Kyo")
        scene.press(key)
        #expect(scene.state.composer.input.text == "a draft")
        #expect(!scene.shows("search"))
    }

    @Test func otherKeysTakeTheMatchAndActInTheInput() {
        var scene = scene()
        scene.type("draft")
        scene.press(.control("r"))
        scene.type("Thank")
        scene.press(.control("a"))
        scene.type("Many ")
        #expect(scene.state.composer.input.text == "Many Thanks!")
        scene.press(.down)
        #expect(scene.state.composer.input.text == "draft")
    }

    @Test func saysThatNothingMatches() {
        var scene = scene()
        scene.press(.control("r"))
        scene.type("zebra")
        #expect(scene.shows("no match"))
        scene.press(.enter)
        #expect(scene.state.composer.input.isEmpty)
        var empty = Scene()
        empty.press(.control("r"))
        #expect(empty.notice == "Nothing has been sent yet")
    }

    @Test func sentMessagesAreRememberedForLaterRuns() {
        var scene = Scene()
        scene.enter("hello")
        scene.enter("/help")
        #expect(scene.keeping == [.remember("hello"), .remember("/help")])
    }
}

/// Ctrl-G: the draft in the user's editor.
@Suite struct DraftEditingTests {
    @Test func anEditedDraftComesBackAsOneUndoStep() {
        var scene = Scene()
        scene.type("first")
        #expect(scene.press(.control("g")) == [.editDraft("first")])
        scene.send(.draftEdited("first\nsecond"))
        #expect(scene.state.composer.input.text == "first\nsecond")
        scene.press(.control("_"))
        #expect(scene.state.composer.input.text == "first")
    }
}
