import Foundation
import Testing

extension EndToEndTests {
    /// A conversation with the real model on the real screen.
    @Suite struct ChatTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        @Test func answersTheFirstMessage() async throws {
            let terminal = try await startShortReplies()
            try await terminal.wait(for: "SmolLM2")
            try terminal.send("What is the capital of France?")
            try await terminal.waitForReply()
            // The screen shows the end of the reply before it is saved.
            try await fixture.stored { $0.messages.count == 2 }
            let messages = try fixture.messages()
            try #require(messages.map(\.role) == ["user", "assistant"])
            #expect(messages[0].content == "What is the capital of France?")
            #expect(!messages[1].content.isEmpty)
            #expect(messages[1].model?.name == Fixture.defaultModel)
        }

        @Test(arguments: ["Escape", "C-c"])
        func stopsAReplyAndKeepsItsText(key: String) async throws {
            let terminal = try Terminal(fixture)
            try await startLongReply(terminal)
            try terminal.press(key)
            try await terminal.wait(for: "stopped")
            try await terminal.wait(for: "ready")
            try await fixture.stored { $0.messages.last?.stats != nil }
            let reply = try #require(try fixture.messages().last)
            #expect(reply.role == "assistant")
            #expect(!reply.content.isEmpty)
            #expect(reply.stats?.stop == "cancelled")
        }

        @Test func switchesModelAndSettingsInTheMiddle() async throws {
            let terminal = try await startShortReplies()
            try terminal.send("/set temperature 0.3")
            try await terminal.wait(for: "temp 0.3")
            try terminal.send("Say hello.")
            try await terminal.waitForReply()
            try terminal.send("/model gemma")
            try await terminal.wait(for: "the header names the other model") { $0.prefix(100).contains("gemma") }
            try terminal.send("/set temperature 1.1")
            try await terminal.wait(for: "temp 1.1")
            try terminal.send("Say hello again.")
            try await terminal.wait(for: "the second reply on disk") { _ in
                try fixture.messages().filter { $0.stats != nil }.count == 2
            }
            let replies = try fixture.messages().filter { $0.role == "assistant" }
            #expect(replies.map { $0.model?.name } == [Fixture.defaultModel, Fixture.otherModel])
            #expect(replies.compactMap { $0.settings?.temperature }.map { ($0 * 10).rounded() } == [3, 11])
        }

        @Test func changesASettingWhileAReplyStreams() async throws {
            // Wide enough for the status line to show the settings next to the reply's statistics.
            let terminal = try Terminal(fixture, width: 160)
            try await startLongReply(terminal)
            // Unknown keys and reports are neither Esc nor text.
            for sequence in ["[15;6~", "[1;9A", "[57441;5u", "[I", "[<64;10;8M", "Oi"] {
                try terminal.send(bytes: Array("\u{1B}\(sequence)".utf8))
            }
            try terminal.type("/set temperature 0.9")
            try await terminal.wait(for: "› /set temperature 0.9")
            #expect(try terminal.screen.contains("Esc stop"))
            try terminal.press("Enter")
            try await terminal.wait(for: "temp 0.9")
            try terminal.press("Escape")
            try await terminal.wait(for: "stopped")
        }

        /// Idle and while a reply streams: the shell gets the terminal each time, and the screen is redrawn afterwards.
        @Test func ctrlZGivesTheTerminalToTheShell() async throws {
            let terminal = try Terminal(shellIn: fixture)
            try await terminal.wait(for: "shell>")
            try terminal.send("'\(Fixture.binary.path)'")
            try await terminal.wait(for: "SmolLM2")
            func stopAndContinue() async throws {
                try terminal.press("C-z")
                try await terminal.wait(for: "Stopped")
                #expect(try terminal.ask("#{alternate_on}") == "0")
                try terminal.send("clear; echo still $((20 + 22)); fg")
                try await terminal.wait(for: "the chat") { $0.contains("F1 help") && !$0.contains("still 42") }
            }
            for _ in 1...4 { try await stopAndContinue() }
            try await startLongReply(terminal)
            for _ in 1...3 { try await stopAndContinue() }
            try terminal.press("Escape")
            try await terminal.wait(for: "stopped")
            try terminal.send("/quit")
            try await terminal.wait(for: "the shell") { !$0.contains("F1 help") }
        }

        /// `cat` does not wait for a key, so the program does.
        @Test func theOutputOfAPagerStaysUntilEnter() async throws {
            let terminal = try Terminal(fixture, environment: ["PAGER": "cat"])
            try await terminal.wait(for: "SmolLM2")
            try terminal.send("/set max_tokens 8")
            try terminal.send("Say hello.")
            try await terminal.waitForReply()
            try terminal.press("M-Up", "Enter")
            try await terminal.wait(for: "[Press Enter to return to the chat]")
            #expect(try !terminal.screen.contains("F1 help"))
            try terminal.press("Enter")
            try await terminal.wait(for: "F1 help")
        }

        /// Both sessions contain the reply so far, and both are still saved.
        @Test func aSessionDuplicatedDuringAReplyHasItsOwnFile() async throws {
            let terminal = try Terminal(fixture)
            try await startLongReply(terminal)
            try terminal.send("/duplicate The copy")
            try await terminal.wait(for: "you are now in the copy")
            try terminal.send("/set max_tokens 8")
            try terminal.send("And in the copy?")
            try await terminal.wait(for: "the reply in the copy on disk") { _ in
                try fixture.sessions().contains {
                    $0.title == "The copy" && $0.messages.count == 4 && $0.messages[3].stats != nil
                }
            }
            let sessions = try fixture.sessions()
            let original = try #require(sessions.first { $0.title != "The copy" })
            #expect(sessions.count == 2)
            #expect(original.messages.count == 2)
            #expect(original.messages.last?.stats?.stop == "cancelled")
            #expect(try !terminal.screen.contains("cannot write"))
        }

        @Test func quitsAndResumes() async throws {
            var terminal = try await startShortReplies()
            try terminal.send("Remember the word walrus.")
            try await terminal.waitForReply()
            try terminal.send("/quit")
            try await terminal.wait(for: "exit status 0")
            #expect(try terminal.ask("#{alternate_on}") == "0")

            terminal = try Terminal(fixture)
            try await terminal.wait(for: "Remember the word walrus.")
            try terminal.send("/new")
            try await terminal.wait(for: "an empty conversation") { !$0.contains("walrus") }
            try terminal.send("/resume walrus")
            try await terminal.wait(for: "Remember the word walrus.")
        }

        /// Late answers of the terminal to another program, and a mouse report after the mouse was turned off.
        @Test func answersOfTheTerminalAreNotText() async throws {
            let terminal = try Terminal(fixture)
            try await terminal.wait(for: "Write a message")
            let answers = [
                "\u{1B}]11;rgb:0000/0000/0000\u{7}", "\u{1B}]11;rgb:0000/0000/0000\u{1B}\\", "\u{1B}P1$r0m\u{1B}\\",
                "\u{1B}_Gi=1;OK\u{1B}\\", "\u{1B}[?62;4c",
            ]
            for answer in answers { try terminal.send(bytes: Array(answer.utf8)) }
            try terminal.send("/mouse off")
            try await terminal.wait(for: "Mouse off")
            try terminal.send(bytes: Array("\u{1B}[<65;5;3M".utf8))
            try terminal.press("a")
            try await terminal.wait(for: "a draft of one letter") { $0.contains("› a ") || $0.contains("› a\n") }
        }

        @Test func keepsLongPastedTextInLines() async throws {
            let terminal = try await startShortReplies()
            try terminal.send(bytes: Array("\u{1B}[200~first line\rsecond line\u{1B}[201~".utf8))
            try await terminal.wait(for: "second line")
            #expect(fixture.sessionFiles.isEmpty)
            try terminal.press("Enter")
            try await terminal.waitForReply()
            #expect(try fixture.messages().first?.content == "first line\nsecond line")
        }

        /// With pauses in the middle of a character and within the end mark.
        @Test func aPasteThatStallsStaysAPaste() async throws {
            let terminal = try await startShortReplies()
            let whole = Array("\u{1B}[200~first\rsecond\ré\rlast\r\u{1B}[201~".utf8)
            let cuts = [0, 13, 22, whole.count - 3, whole.count]
            for (start, end) in zip(cuts, cuts.dropFirst()) {
                try terminal.send(bytes: Array(whole[start..<end]))
                try await Task.sleep(for: .seconds(1.5))
            }
            try await terminal.wait(for: "last")
            #expect(fixture.sessionFiles.isEmpty)
            try terminal.send(" end")
            try await terminal.waitForReply()
            #expect(try fixture.messages().first?.content == "first\nsecond\né\nlast\n end")
        }

        @Test func showsHostileTextAsText() async throws {
            let terminal = try await startShortReplies()
            let attack = "\u{1B}]0;owned\u{7}\u{1B}[2J\u{1B}[31mred <|im_end|>"
            try terminal.send(bytes: Array("\u{1B}[200~\(attack)\u{1B}[201~".utf8))
            try terminal.press("Enter")
            try await terminal.waitForReply()
            let screen = try terminal.screen
            #expect(screen.contains("␛]0;owned␇␛[2J␛[31mred <|im_end|>"))
            #expect(try terminal.ask("#{pane_title}") != "owned")
            #expect(try fixture.messages().first?.content == attack)
        }

        @Test func fitsEveryWindow() async throws {
            let terminal = try Terminal(fixture)
            try await startLongReply(terminal)
            try terminal.resize(width: 20, height: 6)
            try await terminal.wait(for: "the small screen") { $0.split(separator: "\n").allSatisfy { $0.count <= 20 } }
            try terminal.resize(width: 19, height: 5)
            try await terminal.wait(for: "the message") { $0.contains("Too small") }
            try terminal.resize(width: 300, height: 100)
            try await terminal.wait(for: "the large screen") { screen in
                screen.contains("Tell me a very long story") && screen.contains(String(repeating: "─", count: 290))
            }
            try terminal.press("Escape")
            try await terminal.wait(for: "ready")
            try terminal.resize(width: 100, height: 30)
            try await terminal.wait(for: "Tell me a very long story")
        }

        // MARK: Exits

        @Test func nothingIsLostWhenKilled() async throws {
            var terminal = try Terminal(fixture)
            try await startLongReply(terminal)
            let shown = try #require(try await journal(atLeast: 40))
            kill(try fixture.holder(), SIGKILL)
            try await terminal.wait(for: "exit status 137")

            terminal = try Terminal(fixture)
            try await terminal.wait(for: "Tell me a very long story")
            try await terminal.wait(for: "interrupted")
            let reply = try #require(try fixture.messages().last)
            #expect(reply.content.hasPrefix(shown))
            #expect(reply.stats?.stop == "interrupted")
        }

        @Test(arguments: [(SIGTERM, 143), (SIGHUP, 129), (SIGSEGV, 139), (SIGABRT, 134)])
        func restoresTheTerminal(signal: Int32, status: Int) async throws {
            let terminal = try Terminal(fixture)
            try await startLongReply(terminal)
            #expect(try terminal.ask("#{alternate_on}") == "1")
            kill(try fixture.holder(), signal)
            try await terminal.wait(for: "exit status \(status)")
            try await terminal.wait(for: "the terminal's settings") { _ in
                FileManager.default.contents(atPath: fixture.home.appending(path: "after").path)?.isEmpty == false
            }
            #expect(try terminal.ask("#{alternate_on} #{cursor_flag} #{mouse_any_flag}") == "0 1 0")
            let settings = ["before", "after"].map { try? Data(contentsOf: fixture.home.appending(path: $0)) }
            #expect(settings[0] == settings[1])
        }

        // MARK: -

        /// Waits until a reply is complete: its headline shows the figures, and the status line no longer does.
        /// Starts a chat with replies of a few tokens, which end soon and fit the screen.
        private func startShortReplies() async throws -> Terminal {
            let terminal = try Terminal(fixture)
            try await terminal.wait(for: "Write a message")
            try terminal.send("/set max_tokens 8")
            return terminal
        }

        /// Starts a long reply, and returns once it streams.
        private func startLongReply(_ terminal: Terminal) async throws {
            try await terminal.wait(for: "Write a message")
            // Without the end-of-turn token, the reply goes on until it is stopped.
            try terminal.send("/set logit_bias 2=-inf")
            try terminal.type("Tell me a very long story about a lighthouse.")
            try await terminal.wait(for: "story about a lighthouse.")
            try terminal.press("Enter")
            // Prefill shows a rate too.
            try await terminal.wait(for: "a reply that streams") { $0.contains(/● [\d,]+ tokens ·/) }
        }

        /// The text of the reply's journal, once it has more than `count` characters.
        private func journal(atLeast count: Int) async throws -> String? {
            let folder = fixture.home.appending(path: "sessions")
            for _ in 0..<1200 {
                let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
                if let name = names.first(where: { $0.contains("journal") }),
                    let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8),
                    let end = text.firstIndex(of: "\n"), text[end...].count > count
                {
                    return String(text[text.index(after: end)...])
                }
                try await Task.sleep(for: .milliseconds(50))
            }
            return nil
        }
    }
}
