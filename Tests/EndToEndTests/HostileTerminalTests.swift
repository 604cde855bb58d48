import Foundation
import TUI
import Testing

extension EndToEndTests {
    /// Random hostile text as title, message, draft, file name, theme and model, on a real terminal of many sizes. The
    /// screen drawn incrementally must equal the screen drawn at once. They would differ if Sotto and the terminal
    /// disagreed about a width, or if a control character reached the terminal.
    @Suite struct HostileTerminalTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        /// One of them uses a terminal with hyperlinks, so that addresses reach it too.
        @Test(arguments: [1, 2, 3] as [UInt64])
        func hostileTextLeavesTheTerminalIntact(seed: UInt64) async throws {
            var random = HostileText(seed: seed)
            try writeSession(&random)
            let sizes = [(20, 6), (37, 11), (80, 24), (300, 100)].map { (width: $0.0, height: $0.1) }
            let size = sizes[Int(seed) % sizes.count]
            let following = ["FORCE_HYPERLINK": "1"]
            let terminal = try Terminal(
                fixture, environment: seed == 2 ? following : [:], width: size.width, height: size.height)
            try await terminal.wait(for: "the program") { $0.contains("sotto") && $0.contains("F1") }
            let title = try terminal.ask("#{pane_title}")

            for round in 0..<4 {
                try paste(random.bytes(200), terminal)
                for key in [["PPage"], ["PPage", "NPage"], ["F2", "Escape"], ["F3", "Down", "Escape"]][round] {
                    try terminal.press(key)
                }
                try await expectSameAfterRedraw(terminal, size, "round \(round)")
            }
            // Many resizes while text arrives.
            for step in 0..<24 {
                let next = sizes[step % sizes.count]
                try terminal.resize(width: next.width - step % 3, height: next.height + step % 2)
                if step % 5 == 0 { try paste(random.bytes(24), terminal) }
            }
            try terminal.press("C-End")
            for other in sizes {
                try terminal.resize(width: other.width, height: other.height)
                try await expectSameAfterRedraw(terminal, other, "after many resizes")
            }

            #expect(try terminal.ask("#{pane_title}") == title)
            kill(try fixture.holder(), SIGTERM)
            try await terminal.wait(for: "exit status 143")
            let modes =
                "#{alternate_on} #{cursor_flag} #{insert_flag} #{origin_flag} #{wrap_flag} #{mouse_any_flag} "
                + "#{keypad_flag} #{keypad_cursor_flag} #{scroll_region_upper}"
            #expect(try terminal.ask(modes) == "0 1 0 0 1 0 0 0 0")
        }

        /// A mark after every cluster is in the expected column, even where tmux disagrees about the width: it takes
        /// four columns for a thumb with a skin tone and one for a heart with emoji presentation.
        @Test func textAfterACharacterIsInItsColumn() async throws {
            let clusters = [
                "a", "e\u{301}", "日本", "👍", "👍🏽", "👍🏽👍🏽", "❤️", "❤", "1️⃣", "🇩🇪", "🇩", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🧔‍♂️", "कि", "한", "\u{E000}",
                "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "☝🏽", "👨🏻‍❤️‍💋‍👨🏻",
                "z" + String(repeating: "\u{300}", count: 40),
            ]
            let lines = clusters.enumerated().map { "x\($0.element)!q\(Unicode.Scalar(UInt8(97 + $0.offset)))" }
            let text = [
                "id": "m1", "role": "user", "created": "2026-11-22T14:02:11Z", "content": lines.joined(separator: "\n"),
            ]
            try fixture.write(session: ["title": "Widths", "head": "m1", "messages": [text]])
            let terminal = try Terminal(fixture, width: 60, height: 40)
            try await terminal.wait(for: "!q")
            _ = try await terminal.settled()
            // The first cluster is a plain letter.
            let start = try #require(try terminal.column(of: "!qa")) - 1
            for (number, cluster) in clusters.enumerated() {
                let column = try terminal.column(of: "!q\(Unicode.Scalar(UInt8(97 + number)))")
                #expect(column == start + DisplayWidth.of(cluster), "\(cluster)")
            }
        }

        /// Pasted, because many of these bytes would be keys if typed.
        private func paste(_ bytes: [UInt8], _ terminal: Terminal) throws {
            try terminal.send(bytes: Array("\u{1B}[200~".utf8) + bytes + Array("\u{1B}[201~".utf8))
        }

        /// Redrawing the screen completely does not change it. If it does, the comparison is repeated after a panel was
        /// opened and closed, which redraws it incrementally: of a family too long for a cell, tmux keeps more or fewer
        /// code points depending on how the bytes arrive, so only a difference that occurs every time counts.
        private func expectSameAfterRedraw(
            _ terminal: Terminal, _ size: (width: Int, height: Int), _ when: String,
            at location: SourceLocation = #_sourceLocation
        ) async throws {
            var differences: [String] = []
            for _ in 0..<3 {
                differences = try await differencesAfterRedraw(terminal, size)
                if differences.isEmpty { return }
            }
            Issue.record("\(when), \(size)\n\(differences.joined(separator: "\n"))", sourceLocation: location)
        }

        /// Only the height changes in between, so that text is not wrapped differently.
        private func differencesAfterRedraw(
            _ terminal: Terminal, _ size: (width: Int, height: Int)
        ) async throws -> [String] {
            let before = try await settled(terminal)
            try terminal.resize(width: size.width, height: size.height + 1)
            _ = try await settled(terminal)
            try terminal.resize(width: size.width, height: size.height)
            let after = try await settled(terminal)
            let rows = zip(
                before.split(separator: "\n", omittingEmptySubsequences: false),
                after.split(separator: "\n", omittingEmptySubsequences: false))
            return rows.enumerated().filter { $1.0 != $1.1 }.map { "\($0):\n- \($1.0)\n+ \($1.1)" }
        }

        /// The screen once the program has handled all input, which is certain when a panel has opened and closed after
        /// it.
        private func settled(_ terminal: Terminal) async throws -> String {
            try terminal.press("C-p")
            try await terminal.wait(for: "Command pal")
            try terminal.press("Escape")
            try await terminal.wait(for: "the panel's end") { !$0.contains("Command pal") }
            var last = ""
            var count = 0
            while count < 4 {
                try await Task.sleep(for: .milliseconds(60))
                // tmux may leave an invisible joiner on a blank when it is resized.
                let now = String(
                    String.UnicodeScalarView(try terminal.screen.unicodeScalars.filter { $0 != "\u{200D}" }))
                count = now == last ? count + 1 : 0
                last = now
            }
            return last
        }

        /// A session, preferences and a model file in which every text is hostile.
        private func writeSession(_ random: inout HostileText) throws {
            let id = "01M87WHRAN8BD4W9HZJXH6H09G"
            let model = ["provider": "local", "name": random.text(12)]
            let time = "2026-11-22T14:02:11Z"
            var messages: [[String: Any]] = []
            for number in 1...8 {
                var message: [String: Any] = [
                    "id": "m\(number)", "role": number % 2 == 1 ? "user" : "assistant", "created": time,
                    // Replies are Markdown, broken in every way; the user's messages are plain text.
                    "content": number % 2 == 0 ? random.markdown(20) : random.text(200),
                ]
                if number > 1 { message["parent"] = "m\(number - 1)" }
                if number % 2 == 0 {
                    message["model"] = model
                    message["reasoning"] = random.text(40)
                }
                messages.append(message)
            }
            try fixture.write(session: [
                "id": id, "title": random.text(30), "model": model, "head": "m8", "messages": messages,
            ])
            let preferences = ["session": id, "theme": random.text(8), "model": random.text(8)]
            _ = try fixture.file("preferences.json", holding: JSONSerialization.data(withJSONObject: preferences))
            let name = String(random.text(20).filter { $0 != "/" && $0 != "\0" }.prefix(40))
            _ = FileManager.default.createFile(
                atPath: fixture.home.appending(path: "models/x\(name).gguf").path, contents: Data("no model".utf8))
        }
    }
}

/// Text of every kind that causes problems for terminals.
private struct HostileText {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    private mutating func next(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }

    private static let pieces: [String] = [
        "word ", "another ", "\n", "\t", "\r", "\u{7}", "\u{8}\u{8}", "\u{B}\u{C}", "\u{0E}\u{0F}", "\u{7F}",
        "\u{1B}[2J", "\u{1B}[31m", "\u{1B}]0;owned\u{7}", "\u{1B}]8;;http://x\u{1B}\\", "\u{1B}P1$r\u{1B}\\", "\u{1B}c",
        "\u{1B}[?1049l", "\u{1B}[?25l", "\u{1B}[4h", "\u{1B}[5;10r", "\u{1B}(0", "\u{9B}31m", "\u{9D}0;x\u{9C}",
        "\u{85}",
        "\u{202E}rtl\u{202C}", "\u{2066}x\u{2069}", "\u{200E}\u{200F}\u{061C}", "\u{FEFF}", "\u{200B}", "\u{AD}",
        "\u{2028}",
        "שלום ", "مرحبا ", "漢字 ", "한국어 ", "ｆｕｌｌ", "ก็ ", "कि ", "e\u{301}", "\u{301}", "\u{20DD}", "👩‍👩‍👧‍👦", "👍🏽", "🇨🇭", "🇨",
        "❤️", "❤\u{FE0E}", "🏴\u{E0067}\u{E0062}\u{E007F}", "\u{200D}", "☺︎", "１", "ﷺ", "\u{FDFD}", "\u{1F3FB}",
        "\u{FFFD}",
        "\u{10FFFF}", "\u{E000}", "**bold** ", "`code` ", "```\n", "# ", "- ", "> ", "| a | b |\n| - | - |\n", "$x^2$ ",
        "[a](http://b) ", "<think>", "</think>",
    ]

    mutating func text(_ count: Int) -> String {
        var text = ""
        for _ in 0..<count {
            text += Self.pieces[next(Self.pieces.count)]
            // An occasional very long grapheme cluster.
            if next(60) == 0 { text += "z" + String(repeating: "\u{300}\u{489}", count: 200) }
        }
        return text
    }

    /// Markdown constructs with hostile text everywhere, nested at random and often unclosed.
    mutating func markdown(_ count: Int) -> String {
        var text = ""
        for _ in 0..<count { text += construct(depth: 0) + (next(4) == 0 ? "" : "\n\n") }
        return text
    }

    private mutating func construct(depth: Int) -> String {
        let inner = depth < 3 && next(3) == 0 ? construct(depth: depth + 1) : text(6)
        func indented(_ mark: String) -> String {
            inner.split(separator: "\n").enumerated().map { ($0 == 0 ? mark : "   ") + $1 }.joined(separator: "\n")
        }
        switch next(11) {
        case 0: return indented("- ") + "\n" + indented("  * ")
        case 1: return indented("\(next(1000)). ") + "\n- [x] \(text(3))"
        case 2: return inner.split(separator: "\n").map { "> > \($0)" }.joined(separator: "\n")
        case 3:
            let row = { (self: inout HostileText) in
                "| " + (0..<4).map { _ in self.line(4) }.joined(separator: " | ") + " |\n"
            }
            return row(&self) + "|:-|-:|:-:|-|\n" + row(&self) + row(&self)
        case 4: return "[\(line(3))](https://example.org/\(line(2).replacing(" ", with: "")))"
        case 5: return "[a](<http://\(line(3))>) ![\(line(2))](javascript:\(line(1))) <https://x.y/\u{1B}]8;;\u{7}>"
        case 6: return "```\(line(1))\n\(text(20))\n" + (next(3) == 0 ? "" : "```")
        case 7: return "```swift\nlet a = \"\(text(4))\" // \(line(3))\n/* \(text(3))\n```"
        case 8: return "$$\\frac{\(line(3))}{\\sqrt{\(line(2))}} \\begin{matrix} \(line(2)) & x \\\\ \(line(1)) $$"
        case 9: return "**\(line(2))*\(line(2))** ~~\(line(2))~~ `\(line(2))` $\(line(2))_{\(line(1))}^\(line(1))$"
        default: return "#\(String(repeating: "#", count: next(6))) \(line(4))\n---\n<b>\(line(2))</b>&#27;[31m&#x9b;2J"
        }
    }

    private mutating func line(_ count: Int) -> String { text(count).replacing("\n", with: " ") }

    /// Includes bytes that are not UTF-8, but nothing that ends a paste.
    mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes = Array(text(count / 4).replacing("\u{1B}[20", with: "").utf8.prefix(count * 2))
        for _ in 0..<count / 8 { bytes.insert(UInt8(0x80 + next(128)), at: next(bytes.count + 1)) }
        return bytes
    }
}
