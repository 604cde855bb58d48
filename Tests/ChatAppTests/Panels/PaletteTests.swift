import Chat
import Foundation
import TUI
import Testing

@testable import ChatApp

/// The command palette.
@Suite struct PaletteTests {
    @Test(arguments: [
        ("temperature", "setting"), ("/theme", "command"), ("gemma", "model"), ("sorting in", "session"),
        ("creative", "preset"), ("paper", "theme"), ("select the previous message", "key"),
    ])
    func entriesOfEveryKindAreFound(text: String, kind: String) throws {
        var scene = Scene.withLists()
        scene.press(.control("p"))
        scene.type(text)
        let list = try #require(scene.list)
        #expect(list.selectedEntry?.kind == kind)
    }

    /// Exact names first, then names that begin with the text, details last.
    @Test(arguments: [
        ("stop", ["/stop", "stop"]), ("/stop", ["/stop"]), ("theme", ["/theme"]), ("temp", ["temperature"]),
        ("bye", ["/quit"]), ("set", ["/set", "seed"]), ("nucleus", ["top_p"]), ("paper", ["paper"]),
        ("the", ["/theme"]), ("alt-up", ["select the previous message"]),
    ])
    func namesComeFirst(text: String, titles: [String]) throws {
        var scene = Scene.withLists()
        scene.press(.control("p"))
        scene.type(text)
        let list = try #require(scene.list)
        let first = list.entries.map(\.title)
        #expect(
            text == "set" ? first.first == "/set" : Array(first.prefix(titles.count)) == titles, "\(first.prefix(6))")
    }

    /// Letters scattered over a sentence or a command's arguments are no match.
    @Test(arguments: [("theme", "select the previous message"), ("paper", "/preset"), ("temp", "/preset")])
    func scatteredLettersAreNoMatch(text: String, title: String) throws {
        var scene = Scene.withLists()
        scene.press(.control("p"))
        scene.type(text)
        let list = try #require(scene.list)
        #expect(!list.entries.contains { $0.title == title })
    }

    @Test(arguments: [
        ("temperature", "randomness"), ("/export", "markdown"), ("gemma", "32,768 tokens"),
        ("sorting in", "21 kB"), ("creative", "Be vivid."), ("select the previous message", "Alt-Up"),
        ("paper", "a quotation"),
    ])
    func thePreviewDescribesTheSelectedEntry(text: String, shown: String) {
        var scene = Scene.withLists(120, 40)
        scene.press(.control("p"))
        scene.type(text)
        // To the right of the list.
        #expect(scene.rows.contains { String($0.suffix(58)).contains(shown) }, "\(scene)")
        scene.send(.resize(Size(width: 60, height: 30)))
        #expect(scene.shows("Command palette"))
    }

    @Test func theSelectedThemeIsPreviewed() {
        var scene = Scene.withLists(120, 40)
        scene.press(.control("p"))
        scene.type("paper")
        #expect(scene.state.screen.theme.name == "paper")
        scene.press(.escape)
        #expect(scene.state.screen.theme.name == "dark")
    }

    @Test func theSelectedSessionIsPreviewed() {
        var scene = Scene.withLists(120, 40)
        scene.press(.control("p"))
        scene.type("sorting in")
        #expect(scene.effects.contains(.session(.preview("s2"))))
        scene.send(.sessionPreviewed(Scene.preview))
        #expect(scene.shows("Compare tuples:"))
    }

    @Test func choosingAnEntryRunsIt() {
        var scene = Scene.withLists()
        scene.press(.control("p"))
        scene.type("sorting in")
        #expect(scene.press(.enter) == [.loadSession("s2")])
        scene.press(.control("p"))
        scene.type("top_k")
        scene.press(.enter)
        #expect(scene.state.composer.input.text == "/set top_k ")
        scene.press(.control("u"), .control("p"))
        scene.type("select the previous message")
        scene.press(.enter)
        #expect(scene.state.reading.selection != nil)
        // An action on a message acts on the latest one.
        scene.press(.escape, .control("p"))
        scene.type("delete it and")
        scene.press(.enter)
        #expect(!scene.shows("Fushimi Inari"))
    }

}
