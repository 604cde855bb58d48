import Foundation
import Testing

extension EndToEndTests {
    /// Which colours reach the terminal.
    @Suite struct ColorTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        struct Terminals: Sendable {
            let environment: [String: String]
            /// The colours of the header's first cell, as tmux has stored them.
            let colors: String

            init(_ type: String, _ colors: String, claim: String = "", noColor: String = "") {
                environment = ["TERM": type, "COLORTERM": claim, "NO_COLOR": noColor]
                self.colors = colors
            }
        }

        /// The theme's #d5d9e0 on #16181d, or what is nearest to them.
        @Test(arguments: [
            Terminals("screen-256color", "38;2;213;217;224m\u{1B}[48;2;22;24;29m", claim: "truecolor"),
            Terminals("screen-256color", "38;5;253m\u{1B}[48;5;234m"),
            Terminals("xterm", "37m\u{1B}[40m"),
            Terminals("some-unknown-terminal", "38;5;253m\u{1B}[48;5;234m"),
            Terminals("screen-256color", "", claim: "truecolor", noColor: "1"),
        ])
        func areWhatTheTerminalHas(terminals: Terminals) async throws {
            let terminal = try Terminal(fixture, environment: terminals.environment)
            try await terminal.wait(for: "Write a message")
            let header = try #require(try terminal.coloredScreen.split(separator: "\n").first)
            if terminals.colors.isEmpty {
                #expect(!header.contains("38;") && !header.contains("48;"), "\(header)")
                #expect(header.contains("\u{1B}[1m"), "\(header)")
            } else {
                #expect(header.hasPrefix("\u{1B}[\(terminals.colors)"), "\(header)")
            }
            // The keys come as ever, whatever description ncurses was given.
            try terminal.press("F2")
            try await terminal.wait(for: "Models 2")
            try terminal.press("Escape")
            try await terminal.wait(for: "the closed panel") { !$0.contains("Models 2") }
        }

        @Test func aThemeIsWornWhileItIsLookedAt() async throws {
            try FileManager.default.createDirectory(
                at: fixture.home.appending(path: "themes"), withIntermediateDirectories: true)
            _ = try fixture.file("themes/own.json", holding: Data("""
                { "name": "own", "inherits": "dark", "palette": { "background": "#102030" },
                  "styles": { "acent": "#ffffff" } }
                """.utf8))
            let terminal = try Terminal(
                fixture, environment: ["TERM": "screen-256color", "COLORTERM": "truecolor", "NO_COLOR": ""])
            try await terminal.wait(for: "own.json, line 2: there is no style \"acent\"")
            try terminal.send("/theme")
            try await terminal.wait(for: "Themes")
            try terminal.type("own")
            try await terminal.wait(for: "the theme") { _ in try terminal.coloredScreen.contains("48;2;16;32;48m") }
            try terminal.press("Escape")
            try await terminal.wait(for: "the theme before") { _ in
                try !terminal.coloredScreen.contains("48;2;16;32;48m")
            }
            try terminal.send("/theme own")
            try await terminal.wait(for: "the theme") { _ in try terminal.coloredScreen.contains("48;2;16;32;48m") }
            _ = try fixture.file("themes/own.json", holding: Data("""
                { "name": "own", "inherits": "dark", "palette": { "background": "#405060" } }
                """.utf8))
            try terminal.send("/theme reload")
            try await terminal.wait(for: "the changed theme") { _ in
                try terminal.coloredScreen.contains("48;2;64;80;96m")
            }
        }
    }
}
