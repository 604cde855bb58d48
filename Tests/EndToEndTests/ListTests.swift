import Foundation
import Testing

extension EndToEndTests {
    /// What lists show: on a terminal, in a pipe, of the trash.
    @Suite struct ListTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        private static let id = "01M87WHRAN8BD4W9HZJXH6H09G"

        private func write(_ title: String, id: String = id, _ text: String = "Where is the lighthouse?") throws {
            try fixture.write(session: [
                "id": id, "title": title, "head": "m1", "messages": [["id": "m1", "role": "user", "content": text]],
            ])
        }

        /// Every line of a pipe is an entry; times are those of the user's clock.
        @Test func listsInAPipeHaveNoHeading() throws {
            try write("A day in Kyoto")
            let command = "TZ=Asia/Tokyo '\(Fixture.binary.path)' sessions"
            let result = try Command("sh", ["-c", command], environment: ["SOTTO_HOME": fixture.home.path])
            #expect(result.output == "\(Self.id)  2026-11-22 23:02  1  A day in Kyoto\n")
            let json = try fixture.sotto(["sessions", "--json"])
            #expect(json.output.contains("2026-11-22T14:02:11Z"))
        }

        @Test(arguments: [
            (["sessions"], "ID                          CHANGED"), (["sessions", "search", "lighthouse"], "TITLE"),
            (["presets"], "NAME           SUMMARY"), (["models"], "ARCHITECTURE"),
        ])
        func listsOnATerminalHaveAHeading(arguments: [String], heading: String) async throws {
            try write("A day in Kyoto")
            let terminal = try Terminal(fixture, arguments: arguments, width: 160)
            try await terminal.wait(for: "exit status 0")
            #expect(try terminal.screen.hasPrefix(heading) || terminal.screen.prefix(160).contains(heading))
        }

        @Test func emptyListsSaySo() throws {
            let none = try fixture.sotto(["sessions"])
            #expect(none.status == 0 && none.output.isEmpty && none.error == "There are no sessions yet\n")
            #expect(try fixture.sotto(["sessions", "list", "--trash"]).error == "The trash is empty\n")
            #expect(try fixture.sotto(["sessions", "list", "--trash", "--json"]).output == "[]\n")
        }

        // MARK: The trash

        @Test func removedSessionsAreListedAndRestoredByTitle() throws {
            try write("A day in Kyoto")
            try write("Sorting", id: "01M87WHRAN8BD4W9HZJXH6H09H")
            for name in ["kyoto", "sorting"] { #expect(try fixture.sotto(["sessions", "remove", name]).status == 0) }
            #expect(try fixture.sotto(["sessions"]).output.isEmpty)
            let trash = try fixture.sotto(["sessions", "list", "--trash"])
            #expect(trash.output.contains("A day in Kyoto") && trash.output.contains("Sorting"))
            let unclear = try fixture.sotto(["sessions", "restore", "01M87"])
            #expect(unclear.status == 1 && unclear.error.contains("matches 2 sessions"), "\(unclear.error)")
            let restored = try fixture.sotto(["sessions", "restore", "a day"])
            #expect(restored.status == 0 && restored.error == "Restored \(Self.id): A day in Kyoto\n")
            #expect(try fixture.sotto(["sessions"]).output.contains("A day in Kyoto"))
            #expect(try !fixture.sotto(["sessions", "list", "--trash"]).output.contains("Kyoto"))
        }

        /// After /restore the session is open again, as it was before /delete.
        @Test func theChatIsBackInARestoredSession() async throws {
            try write("A day in Kyoto")
            let terminal = try Terminal(fixture)
            try await terminal.wait(for: "lighthouse")
            try terminal.send("/delete")
            try await terminal.wait(for: "a new session") { !$0.contains("lighthouse") }
            try terminal.send("/restore")
            try await terminal.wait(for: "the session") { $0.contains("lighthouse") && $0.contains("Restored") }
            try terminal.send("/delete")
            try await terminal.wait(for: "a new session") { !$0.contains("lighthouse") }
            try terminal.press("F3", "C-t")
            try await terminal.wait(for: "Trash (1)")
            try terminal.press("Enter")
            try await terminal.wait(for: "lighthouse")
        }

        // MARK: Search

        /// There is no limit on the number of sessions that are found.
        @Test func searchPrintsEverySession() throws {
            for number in 0..<230 {
                try write("Session \(number)", id: "01M87WHRAN8BD4W9HZJXH6H\(100 + number)", "quagga \(number)")
            }
            let result = try fixture.sotto(["sessions", "search", "quagga"])
            #expect(result.output.count { $0 == "\n" } == 230 && result.error.isEmpty)
        }

        @Test func whatIsSentIsFoundByTheSameSearchAgain() async throws {
            let terminal = try Terminal(fixture, arguments: ["--model", "SmolLM2"])
            try await terminal.wait(for: "SmolLM2")
            try terminal.send("/set max_tokens 8")
            try terminal.send("/search quagga")
            try await terminal.wait(for: "Sessions (0)")
            try await terminal.escape(to: "the chat") { !$0.contains("Sessions (") }
            try terminal.send("Hello")
            try await terminal.waitForReply()
            try terminal.send("Tell me about the quagga")
            try await terminal.waitForReply()
            try terminal.send("/search quagga")
            try await terminal.wait(for: "Sessions (1)")
        }

        // MARK: Models

        /// Opening a session is no choice of a model for others.
        @Test func openingASessionKeepsTheDefaultModel() async throws {
            try fixture.write(session: [
                "title": "With gemma", "head": "m1", "messages": [["id": "m1", "role": "user", "content": "Hi"]],
                "model": ["provider": "local", "name": Fixture.otherModel],
            ])
            let chosen = try fixture.file(
                "preferences.json", holding: Data(#"{"model":"\#(Fixture.defaultModel)"}"#.utf8))
            let terminal = try Terminal(fixture)
            try await terminal.wait(for: "gemma")
            try terminal.send("/new")
            try await terminal.wait(for: "the chosen model") { $0.prefix(120).contains("SmolLM2") }
            try terminal.send("/quit")
            try await terminal.wait(for: "exit status 0")
            #expect(try String(contentsOfFile: chosen, encoding: .utf8).contains(Fixture.defaultModel))
        }

        /// A reply of a base model begins with its first word.
        @Test func aReplyBeginsWithoutABlank() throws {
            let result = try fixture.sotto([
                "run", "--model", Fixture.otherModel, "--temperature", "0", "--max-tokens", "4",
                "What is the capital of France?",
            ])
            #expect(!result.output.isEmpty && result.output.first != " ", "\(result.output.debugDescription)")
        }

        /// In a pipe, a conversion that takes less than five seconds prints its result only.
        @Test func quantizePrintsAFewLines() throws {
            let output = fixture.home.appending(path: "out.gguf").path
            let result = try fixture.sotto(["quantize", Fixture.defaultModel, output, "Q8_0"])
            #expect(result.status == 0)
            let lines = result.error.split(separator: "\n")
            #expect(lines.count < 60 && lines.last?.contains("of weights") == true, "\(result.error)")
        }

        @Test func quantizeUsesWhatImatrixMeasured() throws {
            let (text, matrix) = (
                fixture.home.appending(path: "text.txt"), fixture.home.appending(path: "imatrix.gguf")
            )
            try String(repeating: "The tide comes in twice a day. ", count: 20)
                .write(to: text, atomically: true, encoding: .utf8)
            let measured = try fixture.sotto([
                "imatrix", Fixture.defaultModel, text.path, "-o", matrix.path, "-c", "64",
            ])
            #expect(
                measured.status == 0 && measured.error.contains("tensors, 2 chunks of 64 tokens"), "\(measured.error)")
            let output = fixture.home.appending(path: "small.gguf").path
            let result = try fixture.sotto([
                "quantize", Fixture.defaultModel, output, "IQ4_XS", "--imatrix", matrix.path,
            ])
            #expect(result.status == 0 && !result.error.contains("has nothing about"), "\(result.error)")
            let shown = try fixture.sotto(["inspect", output])
            #expect(shown.output.contains("imatrix.gguf") && shown.output.contains("IQ4_NL"), "\(shown.output)")
        }
    }
}
