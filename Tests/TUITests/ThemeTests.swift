import Testing

@testable import TUI

@Suite struct ThemeTests {
    private func read(_ text: String, parent: Theme? = nil) -> (theme: Theme, warnings: [ThemeWarning]) {
        ThemeFile(.init(label: "file.json", name: "file", text: text)).read { _ throws(ThemeWarning.InheritanceError) in
            guard let parent else { throw .unknown(known: ["dark", "light"]) }
            return parent
        }
    }

    @Test func colorsFromPaletteOrValues() throws {
        let file = read(
            """
            { "name": "dusk", "palette": { "rose": "#e0a0b0" },
              "styles": { "accent": "rose",
                "error": { "fg": "#f00", "bg": "default", "attributes": ["bold", "italic"] } } }
            """)
        #expect(file.warnings.isEmpty)
        #expect(file.theme.name == "dusk")
        #expect(file.theme.style(.accent).foreground == .rgb(0xE0, 0xA0, 0xB0))
        #expect(file.theme.style(.error) == Style(foreground: .rgb(255, 0, 0), attributes: [.bold, .italic]))
    }

    @Test func missingRolesUseTheirFallback() {
        let theme = read(
            ##"{ "styles": { "text": { "fg": "#111111", "bg": "#eeeeee" }, "accent": "#0000ff" } }"##
        ).theme
        #expect(theme.style(.user) == Style(foreground: .rgb(0, 0, 255), background: .rgb(0xEE, 0xEE, 0xEE)))
        #expect(theme.style(.code).foreground == .rgb(0x11, 0x11, 0x11))
    }

    @Test func textOnAPanelHasItsBackground() {
        let theme = read(
            ##"{ "styles": { "text": { "bg": "#000000" }, "panel": { "bg": "#222222" }, "##
                + ##""selected": { "bg": "#444444" } } }"##
        ).theme
        #expect(theme.style(.muted, on: .panel).background == .rgb(0x22, 0x22, 0x22))
        #expect(theme.style(.selected, on: .panel).background == .rgb(0x44, 0x44, 0x44))
    }

    @Test func themesInheritStyles() throws {
        let parent = read(##"{ "styles": { "accent": "#010203", "error": "#040506" } }"##).theme
        let child = read(##"{ "inherits": "parent", "styles": { "accent": "#070809" } }"##, parent: parent).theme
        #expect(child.style(.accent).foreground == .rgb(7, 8, 9))
        #expect(child.style(.error).foreground == .rgb(4, 5, 6))
    }

    @Test func redefinedColorsChangeInheritedStyles() throws {
        let parent = read(
            ##"{ "palette": { "blue": "#010203", "red": "#040506" }, "##
                + ##""styles": { "accent": "blue", "error": { "fg": "red", "attributes": ["bold"] } } }"##
        ).theme
        let child = read(##"{ "inherits": "parent", "palette": { "blue": "#070809" } }"##, parent: parent).theme
        #expect(child.style(.accent).foreground == .rgb(7, 8, 9))
        #expect(child.style(.user).foreground == .rgb(7, 8, 9))
        #expect(child.style(.error) == Style(foreground: .rgb(4, 5, 6), attributes: .bold))
    }

    @Test func selectionIsReversed() {
        #expect(Theme.minimal.style(.muted, on: .selected).attributes == [.dim, .reverse])
    }

    /// With few colours, the selection would have the panel's background.
    @Test func selectionIsVisibleWithFewColors() {
        let theme = read(
            ##"{ "styles": { "text": { "bg": "#101010" }, "panel": { "bg": "#181818" }, "##
                + ##""selected": { "bg": "#242424", "attributes": ["bold"] } } }"##
        ).theme
        #expect(theme.adapted(to: .trueColor) == theme)
        #expect(theme.adapted(to: .indexed256) == theme)
        for depth in [ColorDepth.ansi16, .ansi8, .none] {
            #expect(theme.adapted(to: depth).style(.selected).attributes == [.bold, .reverse])
        }
    }

    @Test func problemsHaveLinesAndTheRestApplies() throws {
        let file = read(
            """
            {
              "inherits": "nowhere",
              "palette": {
                "rose": "pink"
              },
              "styles": {
                "accent": "#0000ff",
                "acent": "#00ff00",
                "error": { "fg": "blue", "attributes": ["bold", "blinking"] }
              },
              "colour": 1
            }
            """)
        #expect(file.theme.style(.accent).foreground == .rgb(0, 0, 255))
        #expect(file.theme.style(.error).attributes == .bold)
        #expect(
            file.warnings.map(\.description) == [
                "line 2: cannot inherit from unknown theme \"nowhere\". Themes: dark, light",
                "line 4: palette colour \"rose\" must look like \"#7aa2f7\", not \"pink\"",
                "line 8: unknown style \"acent\"",
                "line 9: unknown colour \"blue\" in style \"error\". "
                    + "Use a name from the palette or a value like \"#7aa2f7\"",
                "line 9: unknown attribute \"blinking\" in style \"error\". "
                    + "Attributes: bold, dim, italic, underline, reverse, strikethrough",
                "line 11: unknown field \"colour\". Fields: name, inherits, palette, styles",
            ])
    }

    /// A missing or superfluous comma, a colour without quotes, an unclosed quote, a comment: the rest applies.
    @Test func invalidJSONIsSkippedAndReported() {
        let file = read(
            """
            {
              "palette": {
                "rose": "#ff0000"
                "sea": "#0000ff",
              },
              // What it looks like
              "styles": {
                "accent": sea,
                "muted": "rose,
                "error": "rose",
                "warning": { "fg": #123456, "bg": "sea" }
              }
            }
            """)
        #expect(file.warnings.map(\.line) == [3, 4, 6, 8, 9, 11])
        #expect(file.warnings.first?.message == "invalid JSON: expected ',' or '}'")
        #expect(file.theme.style(.error).foreground == .rgb(255, 0, 0))
        #expect(file.theme.style(.warning).background == .rgb(0, 0, 255))
        #expect(file.theme.problems.first == "file.json, line 3: invalid JSON: expected ',' or '}'")
        #expect(file.theme.problems.count == 6)
    }

    @Test func unreadableThemesFallBackToTheReplacedOne() {
        let replaced = read(##"{ "styles": { "accent": "#010203" } }"##).theme
        for text in ["[1, 2]", "", "{", "{\n\"name"] {
            let file = read(text, parent: replaced)
            #expect(file.theme.style(.accent).foreground == .rgb(1, 2, 3))
            #expect(file.theme.name == "file" && file.theme.problems.count == 1, "\(text)")
            #expect(read(text).theme.style(.selected) == Theme.minimal.style(.selected))
        }
    }

    @Test func everyRoleReachesTheRoot() {
        for role in StyleRole.allCases {
            var steps = 0
            var next = role.fallback
            while let current = next {
                next = current.fallback
                steps += 1
            }
            #expect(steps < StyleRole.allCases.count)
        }
    }
}

@Suite struct SurfaceTests {
    @Test func noHalfOfAWideCharacterRemains() {
        var surface = Surface(Size(width: 6, height: 1))
        surface.write("日本語", at: Point(x: 0, y: 0), style: .plain)
        surface.write("a", at: Point(x: 1, y: 0), style: .plain)
        surface.write("b", at: Point(x: 4, y: 0), style: .plain)
        #expect(surface.rows == [" a本b"])
    }

    @Test func textIsClipped() {
        var surface = Surface(Size(width: 8, height: 2))
        let clip = Rect(x: 2, y: 0, width: 3, height: 1)
        surface.write("日本語", at: Point(x: 1, y: 0), style: .plain, clip: clip)
        surface.write("below", at: Point(x: 2, y: 1), style: .plain, clip: clip)
        surface.write("far", at: Point(x: -2, y: 1), style: .plain)
        surface.write("out", at: Point(x: 0, y: 7), style: .plain)
        #expect(surface.rows == ["   本", "r"])
    }
}
