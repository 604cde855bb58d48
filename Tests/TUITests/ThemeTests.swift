@testable import TUI
import Testing

@Suite struct ThemeTests {
    private func read(_ text: String, parent: Theme? = nil) throws -> (theme: Theme, warnings: [ThemeWarning]) {
        try ThemeFile(text, name: "file").read { _ throws(ThemeWarning.Inheritance) in
            guard let parent else { throw .unknown(known: ["dark", "light"]) }
            return parent
        }
    }

    @Test func coloursComeFromThePaletteOrAsNumbers() throws {
        let file = try read(
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

    @Test func aRoleThatIsLeftOutLooksLikeItsFallback() throws {
        let theme = try read(
            ##"{ "styles": { "text": { "fg": "#111111", "bg": "#eeeeee" }, "accent": "#0000ff" } }"##
        ).theme
        #expect(theme.style(.user) == Style(foreground: .rgb(0, 0, 255), background: .rgb(0xEE, 0xEE, 0xEE)))
        #expect(theme.style(.code).foreground == .rgb(0x11, 0x11, 0x11))
    }

    @Test func whatStandsOnAPanelTakesItsBackground() throws {
        let theme = try read(
            ##"{ "styles": { "text": { "bg": "#000000" }, "panel": { "bg": "#222222" }, "##
                + ##""selected": { "bg": "#444444" } } }"##
        ).theme
        #expect(theme.style(.muted, on: .panel).background == .rgb(0x22, 0x22, 0x22))
        #expect(theme.style(.selected, on: .panel).background == .rgb(0x44, 0x44, 0x44))
    }

    @Test func aThemeInheritsWhatItDoesNotName() throws {
        let parent = try read(##"{ "styles": { "accent": "#010203", "error": "#040506" } }"##).theme
        let child = try read(##"{ "inherits": "parent", "styles": { "accent": "#070809" } }"##, parent: parent).theme
        #expect(child.style(.accent).foreground == .rgb(7, 8, 9))
        #expect(child.style(.error).foreground == .rgb(4, 5, 6))
    }

    @Test func anInheritedStyleWearsTheColourThatIsGivenAnew() throws {
        let parent = try read(
            ##"{ "palette": { "blue": "#010203", "red": "#040506" }, "##
                + ##""styles": { "accent": "blue", "error": { "fg": "red", "attributes": ["bold"] } } }"##
        ).theme
        let child = try read(##"{ "inherits": "parent", "palette": { "blue": "#070809" } }"##, parent: parent).theme
        #expect(child.style(.accent).foreground == .rgb(7, 8, 9))
        #expect(child.style(.user).foreground == .rgb(7, 8, 9))
        #expect(child.style(.error) == Style(foreground: .rgb(4, 5, 6), attributes: .bold))
    }

    @Test func whatIsSelectedIsReversedAsAWhole() {
        #expect(Theme.minimal.style(.muted, on: .selected).attributes == [.dim, .reverse])
    }

    /// On a terminal with few colours the ground of what is selected is the panel's.
    @Test func whatIsSelectedStaysToBeSeenWithFewColours() throws {
        let theme = try read(
            ##"{ "styles": { "text": { "bg": "#101010" }, "panel": { "bg": "#181818" }, "##
                + ##""selected": { "bg": "#242424", "attributes": ["bold"] } } }"##
        ).theme
        #expect(theme.adapted(to: .trueColor) == theme)
        #expect(theme.adapted(to: .indexed256) == theme)
        for depth in [ColorDepth.ansi16, .ansi8, .none] {
            #expect(theme.adapted(to: depth).style(.selected).attributes == [.bold, .reverse])
        }
    }

    @Test func mistakesAreToldWithTheirLineAndTheRestApplies() throws {
        let file = try read(
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
                "line 2: there is no theme \"nowhere\" to inherit from; there are dark, light",
                "line 4: palette colour \"rose\" is \"pink\"; colours look like \"#7aa2f7\"",
                "line 8: there is no style \"acent\"",
                "line 9: style \"error\" asks for the colour \"blue\", "
                    + "which is neither in the palette nor like \"#7aa2f7\"",
                "line 9: style \"error\" has the attribute \"blinking\"; "
                    + "known are bold, dim, italic, underline, reverse, strikethrough",
                "line 11: unknown field \"colour\"; known are name, inherits, palette and styles",
            ])
    }

    @Test func textThatIsNoJSONIsRefusedWithItsLine() {
        #expect(throws: ThemeWarning(line: 3, message: "this is not valid JSON: expected ':' after a field's name")) {
            try read("{\n \"name\": \"a\",\n \"b\" 2\n}")
        }
        #expect(throws: ThemeWarning.self) { try read("[1, 2]") }
        #expect(throws: ThemeWarning.self) { try read("") }
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
    @Test func halfOfAWideCharacterNeverStays() {
        var surface = Surface(Size(width: 6, height: 1))
        surface.write("日本語", at: Point(x: 0, y: 0), style: .plain)
        surface.write("a", at: Point(x: 1, y: 0), style: .plain)
        surface.write("b", at: Point(x: 4, y: 0), style: .plain)
        #expect(surface.rows == [" a本b"])
    }

    @Test func textIsClippedWhereItWouldLeaveItsArea() {
        var surface = Surface(Size(width: 8, height: 2))
        let clip = Rect(x: 2, y: 0, width: 3, height: 1)
        surface.write("日本語", at: Point(x: 1, y: 0), style: .plain, clip: clip)
        surface.write("below", at: Point(x: 2, y: 1), style: .plain, clip: clip)
        surface.write("far", at: Point(x: -2, y: 1), style: .plain)
        surface.write("out", at: Point(x: 0, y: 7), style: .plain)
        #expect(surface.rows == ["   本", "r"])
    }
}
