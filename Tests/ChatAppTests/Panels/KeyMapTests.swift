import TUI
import Testing

@testable import ChatApp

/// The key map, and the help that is generated from it.
@Suite struct KeyMapTests {
    @Test(arguments: KeyMap.contexts)
    func helpListsEveryKeyOnce(context: KeyContext) {
        var seen: Set<Key> = []
        for group in KeyMap.groups(in: context) {
            for row in KeyMap.rows(of: group, in: context) {
                for key in row.keys {
                    #expect(seen.insert(key).inserted, "\(key) is listed twice")
                    #expect(KeyMap.action(for: key, in: context) != nil)
                }
            }
        }
        let known = KeyMap.rows.filter { $0.group.applies(context) }.flatMap(\.keys)
        #expect(seen == Set(known))
    }

    @Test func helpOverAPanelListsItsKeys() {
        var scene = Scene(100, 40)
        scene.talk("Hi", "Hello")
        let panels: [(keys: [Key], shown: [String])] = [
            (
                [.function(4)],
                [
                    "click", "outside the panel: close it", "three lines up", "Backspace, Ctrl-H", "Ctrl-U", "Home",
                    "first setting", "Esc, Ctrl-C",
                ]
            ),
            ([.alt(.up), "t"], ["1 … 9", "next token below 50 %", "Esc, Ctrl-C"]),
            ([.function(3)], ["Ctrl-W", "change its title", "Esc, Ctrl-C"]),
            ([.control("s")], ["Ctrl-W", "next match", "close the search"]),
            ([.function(6)], ["click", "select; click again to show its branch", "show its branch", "Esc, Ctrl-C"]),
        ]
        for panel in panels {
            for key in panel.keys { scene.press(key) }
            scene.press(.function(1))
            let screens = (0..<40).map { _ in
                defer { scene.press(.down) }
                return scene.testDescription
            }
            for text in panel.shown { #expect(screens.contains { $0.contains(text) }, "\(text) after \(panel.keys)") }
            scene.press(.escape, .escape, .escape, .escape)
        }
    }

    @Test func helpGoesBackToTheSuggestions() {
        var scene = Scene(100, 30)
        scene.type("/re")
        scene.press(.tab)
        #expect(scene.state.composer.completion != nil)
        scene.press(.function(1))
        #expect(scene.shows("Completion"))
        scene.press(.escape)
        #expect(scene.state.composer.completion != nil)
        scene.press(.function(2))
        #expect(scene.state.composer.completion == nil)
    }

    @Test func everyLineHasTheSameEditingKeys() {
        var scene = Scene(100, 30)
        scene.talk("Hi", "Hello")
        for keys: [Key] in [[.control("s")], [.function(2)]] {
            for key in keys { scene.press(key) }
            scene.type("hello wrld")
            scene.press(.alt("b"), .alt("u"), .control("a"), .alt("c"))
            #expect(scene.shows("Hello WRLD"), "\(scene)")
            scene.press(.control("u"), .escape, .escape)
        }
    }
}
