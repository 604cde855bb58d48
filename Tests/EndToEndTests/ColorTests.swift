import Foundation
import Testing

extension EndToEndTests {
    /// Which colours reach the terminal.
    @Suite struct ColorTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        /// How colours are sent to a terminal.
        enum Depth: Sendable {
            case exact, indexed, eight, none
        }

        struct Terminals: Sendable {
            let environment: [String: String]
            let depth: Depth

            init(_ type: String, _ depth: Depth, claim: String = "", noColor: String = "") {
                environment = ["TERM": type, "COLORTERM": claim, "NO_COLOR": noColor]
                self.depth = depth
            }
        }

        /// A text on the screen and its colours from themes/dark.json.
        private struct Look {
            let text: String
            let foreground, background: UInt32
            var attributes: Set<Int> = []
            /// The attributes without colours, if they differ.
            var plain: Set<Int>?
        }

        private static let page: UInt32 = 0x16181D, surface: UInt32 = 0x1F232B

        private static let conversation = [
            Look(text: "You", foreground: 0x86B3F5, background: page, attributes: [1]),
            Look(text: "SmolLM2-135M-Instruct", foreground: 0xC3A6EE, background: page, attributes: [1]),
            Look(text: "Strong", foreground: 0xF4F6FA, background: page, attributes: [1]),
            Look(text: "word", foreground: 0xD5D9E0, background: page),
            Look(text: "inline", foreground: 0xE6BD74, background: page),
            Look(text: "return", foreground: 0xC3A6EE, background: surface),
            Look(text: "\"a string\"", foreground: 0x9CCB94, background: surface),
            Look(text: "# a comment", foreground: 0x8B93A3, background: surface),
        ]

        @Test(arguments: [
            Terminals("screen-256color", .exact, claim: "truecolor"), Terminals("screen-256color", .indexed),
            Terminals("xterm", .eight), Terminals("some-unknown-terminal", .indexed),
            Terminals("screen-256color", .none, claim: "truecolor", noColor: "1"),
        ])
        func areThoseOfTheTerminal(terminals: Terminals) async throws {
            let model = ["provider": "local", "name": Fixture.defaultModel]
            let answer = "**Strong** word `inline`\n\n```python\nreturn \"a string\"  # a comment\n```"
            try fixture.write(session: [
                "title": "Colours", "model": model, "head": "m2",
                "messages": [
                    ["id": "m1", "role": "user", "created": "2026-11-22T14:02:11Z", "content": "Which colours?"],
                    [
                        "id": "m2", "role": "assistant", "created": "2026-11-22T14:02:11Z", "content": answer,
                        "model": model,
                    ],
                ],
            ])
            let terminal = try Terminal(fixture, environment: terminals.environment)
            try await terminal.wait(for: "a comment")
            func expect(_ look: Look, at location: SourceLocation = #_sourceLocation) throws {
                let screen = try terminal.coloredScreen
                // The header shows the model too.
                guard let style = screen.style(of: look.text, fromRow: 2) else {
                    Issue.record(
                        "\(look.text) is not on the screen in a single style:\n\(screen.text)", sourceLocation: location
                    )
                    return
                }
                Self.expect(style, look, terminals.depth, at: location)
            }
            for look in Self.conversation { try expect(look) }

            try terminal.send("/import nowhere.json")
            try await terminal.wait(for: "✗")
            try expect(Look(text: "✗", foreground: 0xF0827D, background: Self.page, attributes: [1], plain: [1]))
            try terminal.press("Escape")
            try await terminal.wait(for: "the notice's end") { !$0.contains("✗") }
            try terminal.send("/find word")
            try await terminal.wait(for: "1/1")
            try expect(Look(text: "word", foreground: Self.page, background: 0xEBA074, attributes: [1], plain: [1]))
            try terminal.press("Escape")
            try await terminal.wait(for: "the input") { $0.contains("F1 help") && !$0.contains("1/1") }
            // The header names the format once the models have been listed.
            try await terminal.wait(for: "· Q4_1")
            // Keys work with any terminal description that ncurses was given.
            try terminal.press("F2")
            try await terminal.wait(for: "Models (2)")
            try await terminal.wait(for: "● SmolLM2")
            let row = try #require(try terminal.coloredScreen.style(of: "●", fromRow: 2))
            switch terminals.depth {
            case .exact, .indexed: Self.expect(row.background, 0x2F3646, terminals.depth, ground: true)
            case .eight, .none: #expect(row.attributes.contains(7), "\(row)")
            }
            try terminal.press("Escape")
            try await terminal.wait(for: "the closed panel") { !$0.contains("Models (2)") }
        }

        private static func expect(
            _ style: ColoredScreen.Style, _ look: Look, _ depth: Depth, at location: SourceLocation
        ) {
            expect(style.foreground, look.foreground, depth, ground: false, look.text, at: location)
            expect(style.background, look.background, depth, ground: true, look.text, at: location)
            let attributes = depth == .none ? look.plain ?? look.attributes : look.attributes
            #expect(style.attributes.isSuperset(of: attributes), "\(look.text): \(style)", sourceLocation: location)
        }

        /// Compares a colour sequence with the theme's colour.
        private static func expect(
            _ color: String?, _ wanted: UInt32, _ depth: Depth, ground: Bool, _ what: String = "",
            at location: SourceLocation = #_sourceLocation
        ) {
            let parts = (color ?? "").split(separator: ";").compactMap { Int($0) }
            let rgb = [16, 8, 0].map { Int(wanted >> UInt32($0)) & 0xFF }
            let isRight =
                switch depth {
                case .exact: parts == [ground ? 48 : 38, 2] + rgb
                case .indexed: parts.count == 3 && parts[1] == 5 && isNear(parts[2], rgb)
                case .eight: color == nil || parts.count == 1
                case .none: color == nil
                }
            #expect(isRight, "\(what): \(color ?? "none") for \(String(wanted, radix: 16))", sourceLocation: location)
        }

        /// Whether an entry of the 256 colours is close to a colour: half a step of the colour cube, and a little more.
        private static func isNear(_ index: Int, _ wanted: [Int]) -> Bool {
            let levels = [0, 95, 135, 175, 215, 255]
            let cube = index - 16
            let color =
                index >= 232
                ? [Int](repeating: 8 + 10 * (index - 232), count: 3)
                : [levels[cube / 36 % 6], levels[cube / 6 % 6], levels[cube % 6]]
            return index >= 16 && zip(color, wanted).allSatisfy { abs($0 - $1) <= 32 }
        }

        @Test func aThemeIsShownWhileItIsSelected() async throws {
            try FileManager.default.createDirectory(
                at: fixture.home.appending(path: "themes"), withIntermediateDirectories: true)
            _ = try fixture.file(
                "themes/own.json",
                holding: Data(
                    """
                    { "name": "own", "inherits": "dark", "palette": { "background": "#102030" },
                      "styles": { "acent": "#ffffff" } }
                    """.utf8))
            let terminal = try Terminal(
                fixture, environment: ["TERM": "screen-256color", "COLORTERM": "truecolor", "NO_COLOR": ""])
            try await terminal.wait(for: "Write a message")
            try terminal.send("/theme")
            try await terminal.wait(for: "Themes")
            try terminal.type("own")
            try await terminal.wait(for: "! own.json, line 2: unknown")
            try await terminal.wait(for: "the theme") { _ in
                try terminal.coloredScreen.backgrounds.contains("48;2;16;32;48")
            }
            try terminal.press("Escape")
            try await terminal.wait(for: "the theme before") { _ in
                try !terminal.coloredScreen.backgrounds.contains("48;2;16;32;48")
            }
            try terminal.send("/theme own")
            try await terminal.wait(for: "own.json, line 2: unknown style \"acent\"")
            try await terminal.wait(for: "the theme") { _ in
                try terminal.coloredScreen.backgrounds.contains("48;2;16;32;48")
            }
            _ = try fixture.file(
                "themes/own.json",
                holding: Data(
                    """
                    { "name": "own", "inherits": "dark", "palette": { "background": "#405060" } }
                    """.utf8))
            try terminal.send("/theme reload")
            try await terminal.wait(for: "the changed theme") { _ in
                try terminal.coloredScreen.backgrounds.contains("48;2;64;80;96")
            }
        }
    }
}
