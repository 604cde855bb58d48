import Chat
import Foundation
import TUI
import Testing

@testable import ChatApp

/// The list of themes.
@Suite struct ThemeListTests {
    /// Names that differ at their end can be told apart in a narrow list.
    @Test(arguments: [(20, 6), (40, 12), (100, 30)]) func longNamesAreShownInFull(width: Int, height: Int) {
        var scene = Scene(width, height)
        scene.send(
            .themesLoaded(
                ThemeLibrary(
                    ["catppuccin-latte", "catppuccin-mocha"].map {
                        .init(label: $0, name: $0, text: "{}")
                    }
                ).themes))
        scene.enter("/theme")
        let isFull = width > 20
        #expect(
            scene.shows(isFull ? "catppuccin-latte" : "catppuccin-la")
                && scene.shows(isFull ? "catppuccin-mocha" : "catppuccin-mo"))
    }

    @Test func theSelectedThemeIsPreviewedUntilEscape() {
        var scene = Scene.withLists()
        #expect(scene.state.screen.theme.name == "dark")
        #expect(scene.enter("/theme") == [.loadThemes(isAsked: false)])
        scene.press(.down)
        #expect(scene.state.screen.theme.name == "paper")
        #expect(view(scene.state)[0, 0].style.background == .rgb(0xF8, 0xF8, 0xF8))
        scene.press(.escape)
        #expect(scene.state.screen.theme.name == "dark")
        scene.enter("/theme")
        scene.type("sea")
        #expect(scene.state.screen.theme.name == "sea")
        #expect(scene.press(.enter) == [.chooseTheme("sea"), .loadThemes(isAsked: true)])
        #expect(scene.state.screen.theme.name == "sea")
        // Its file was changed meanwhile.
        let changed = ThemeLibrary([
            .init(label: "sea", name: "sea", text: ##"{ "styles": { "text": { "bg": "#111111" } } }"##)
        ]).themes
        scene.send(.themesLoaded(changed))
        #expect(view(scene.state)[0, 0].style.background == .rgb(0x11, 0x11, 0x11))
        #expect(scene.enter("/theme reload") == [.loadThemes(isAsked: true)])
    }

    private static let flawed = ThemeLibrary([
        .init(label: "dark.json", name: "dark", text: "{}"),
        .init(
            label: "dusk.json", name: "dusk", text: "{ \"styles\": {\n  \"accent\": \"#12\"\n  \"error\": \"red\" } }"),
        .init(label: "sea.json", name: "sea", text: "{ \"inherits\": \"dusk\" }"),
    ]).themes

    /// Mistakes in a theme are shown while it is selected, and when it is chosen.
    @Test func mistakesInTheSelectedThemeAreShown() throws {
        var scene = Scene.withLists()
        scene.send(.themesLoaded(Self.flawed))
        #expect(scene.state.screen.notices.current == nil)
        scene.enter("/theme")
        #expect(scene.state.screen.notices.current == nil && scene.shows("!  dusk") == false && scene.shows("! dusk"))
        scene.press(.down)
        try expectScreen(view(scene.state), "theme-mistakes-100x30")
        scene.send(.resize(Size(width: 40, height: 12)))
        #expect(scene.shows("╰─ Ctrl-O more"))
        scene.press(.control("o"), .end)
        #expect(scene.shows("palette or a value"))
        scene.press(.escape)
        scene.press(.enter)
        scene.send(.themesLoaded(Self.flawed, isAsked: true))
        #expect(scene.notice == "dusk.json, line 2: invalid JSON: expected ',' or '}'")
        #expect(scene.state.screen.notices.waiting.count == 3)
        scene.send(.resize(Size(width: 100, height: 30)))
        scene.press(.escape, .escape, .escape)
        // Mistakes in other themes are not reported.
        scene.enter("/theme dark")
        scene.send(.themesLoaded(Self.flawed, isAsked: true))
        #expect(scene.state.screen.notices.waiting.isEmpty)
        // The preview in the palette shows them.
        scene.send(.resize(Size(width: 120, height: 40)))
        scene.press(.control("p"))
        scene.type("dusk")
        #expect(scene.shows("! dusk.json, line 2"))
    }

    @Test func onlyMistakesInTheChosenThemeAreReportedAtTheStart() {
        func notices(_ theme: String) -> [Notice] {
            AppState(
                session: SessionRecord(id: "s", created: .now), themes: Self.flawed, theme: theme,
                size: Size(width: 80, height: 24), now: .now
            ).screen.notices.waiting
        }
        #expect(notices("dark").isEmpty)
        #expect(notices("dusk").count == 3 && notices("sea").count == 3)
    }

}
