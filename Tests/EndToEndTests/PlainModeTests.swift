import Foundation
import Testing

extension EndToEndTests {
    /// Plain mode with the real model.
    @Suite struct PlainModeTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        @Test func worksLineByLineInAPipe() throws {
            let lines = [
                "/set max_tokens 8", "What is the capital of \\", "France?", "/model gemma", "/preset", "1",
                "/set temperature 9", "/set max_tokens 8", "\"\"\"And", "of Spain?\"\"\"", "/rename Two capitals",
                "/show info",
            ]
            try FileManager.default.createDirectory(
                at: fixture.home.appending(path: "sessions/presets"), withIntermediateDirectories: true)
            _ = try fixture.file("sessions/presets/broken.preset.json", holding: Data("{\"name\": 3".utf8))
            let result = try fixture.sotto(["--plain"], input: lines.joined(separator: "\n") + "\n")
            #expect(result.status == 0, "\(result.error)")
            #expect(!result.output.contains("\u{1B}"))
            // The warning comes when the presets have been read, which can be at any time.
            #expect(result.output.contains("You: What is the capital of \\\n... France?\n"))
            #expect(result.output.contains("\nSmolLM2-135M-Instruct: "))
            #expect(result.output.contains(/Warning: .*broken\.preset\.json/))
            #expect(result.output.contains("1. balanced, "))
            #expect(result.output.contains("Warning: temperature "))
            #expect(result.output.contains("\ngemma-3-270m: "))
            #expect(result.output.contains("title            Two capitals"))
            #expect(result.output.matches(of: /\[\d+ tokens?, .*first token after .*\]/).count == 2)
            let messages = try fixture.messages()
            #expect(messages.map(\.role) == ["user", "assistant", "user", "assistant"])
            #expect(messages[2].content == "And\nof Spain?")
            #expect(messages.compactMap { $0.model?.name } == [Fixture.defaultModel, Fixture.otherModel])
        }

        /// A byte order mark hides no command, and what is no text is refused line by line.
        @Test func readsTextOnly() throws {
            let file = fixture.home.appending(path: "lines")
            try Data([0xEF, 0xBB, 0xBF] + "/rename One\ngr".utf8 + [0xFC] + "n\n/show info\n".utf8).write(to: file)
            let result = try Command(
                "/bin/sh", ["-c", "\"$SOTTO\" --plain < \"$SOTTO_HOME/lines\""],
                environment: ["SOTTO_HOME": fixture.home.path, "SOTTO": Fixture.binary.path])
            #expect(result.status == 0, "\(result)")
            #expect(result.output.contains("Line 2 is not UTF-8 text"), "\(result.output)")
            #expect(result.output.contains(/messages +0\n/), "\(result.output)")
            #expect(!result.output.contains("\u{FFFD}") && !result.output.contains("\u{FEFF}"), "\(result.output)")
        }

        /// The system keeps 4,095 bytes of a line that is typed.
        @Test func aLineThatTheTerminalCutsIsNotSent() async throws {
            let terminal = try Terminal(fixture, arguments: ["--plain"])
            try await terminal.wait(for: "You:")
            try terminal.send("/set max_tokens 2")
            for _ in 0..<50 { try terminal.type(String(repeating: "word ", count: 20)) }
            try terminal.press("Enter")
            try await terminal.wait(for: "The terminal cut this line")
            try terminal.send("/show info")
            try await terminal.wait(for: "messages         0")
            try terminal.send("/quit")
        }

        /// A file is in the place of the folder of sessions.
        @Test func quittingWithAnUnsavedSessionWarns() throws {
            _ = try fixture.file("sessions", holding: Data())
            let result = try fixture.sotto(["--plain"], input: "/set max_tokens 8\nWhat is the capital of France?\n")
            #expect(result.status == 1)
            #expect(result.output.contains("Error: Not saved"))
            #expect(result.error.contains("The conversation was not saved"))
        }

        @Test func worksOnATerminal() async throws {
            let editor = try fixture.file("editor.sh", holding: Data("read line; echo \"$line\" >> \"$1\"\n".utf8))
            let terminal = try Terminal(fixture, arguments: ["--plain"], environment: ["VISUAL": "sh \(editor)"])
            try await terminal.wait(for: "You:")
            #expect(try terminal.ask("#{alternate_on}") == "0")
            try terminal.send("/set logit_bias 2=-inf")
            try terminal.send("Tell me a very long story about a lighthouse.")
            try await terminal.wait(for: "SmolLM2-135M-Instruct: ")
            try terminal.press("C-c")
            try await terminal.wait(for: "stopped]")
            try terminal.send("/set max_tokens 4")
            try terminal.send("/editor")
            try terminal.send("Written outside")
            try await terminal.wait(for: "You: Written outside")
            try await terminal.wait(for: "token limit]")
            try terminal.press("C-d")
            try await terminal.wait(for: "exit status 0")
            let messages = try fixture.messages()
            #expect(messages.map { $0.stats?.stop } == [nil, "cancelled", nil, "tokenLimit"])
            #expect(messages[2].content == "Written outside")
        }
    }
}
