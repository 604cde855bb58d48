import Foundation
import Testing

extension EndToEndTests {
    /// Lists of sessions, models and commands on the real screen.
    @Suite struct PickerTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        @Test func sessionsAreFoundRenamedExportedDeletedAndRestored() async throws {
            let terminal = try Terminal(fixture)
            try await terminal.wait(for: "Write a message")
            try terminal.send("/set max_tokens 20")
            try terminal.send("Tell me about walruses.")
            try await terminal.waitForReply()
            try terminal.press("F2")
            try await terminal.wait(for: "the measured speed and the memory") { screen in
                screen.contains("measured speed") && screen.contains("tokens/s") && screen.contains("memory ")
            }
            try terminal.press("Escape")
            try await terminal.wait(for: "the closed list") { !$0.contains("Models (2)") }
            try terminal.press("F3")
            try await terminal.wait(for: "the preview") { screen in
                screen.contains("Sessions (1)") && screen.contains("messages         2")
            }
            try terminal.press("C-r", "C-u")
            try await terminal.wait(for: "title:")
            try terminal.send("Large animals")
            try await terminal.wait(for: "the new title in the header") { $0.prefix(60).contains("Large animals") }
            try terminal.press("C-x")
            try await terminal.wait(for: "Large animals.md")
            try terminal.press("C-u")
            try terminal.send("out.json")
            try await terminal.wait(for: "Exported to")
            try terminal.press("Escape")
            try await terminal.wait(for: "the closed list") { !$0.contains("Sessions (1)") }
            let exported = try String(contentsOf: fixture.home.appending(path: "out.json"), encoding: .utf8)
            let other = exported.replacingOccurrences(of: "Large animals", with: "Arctic animals")
            _ = try fixture.file("other.json", holding: Data(other.utf8))
            try terminal.send("/import other.json")
            try await terminal.wait(for: "the imported session") { $0.prefix(60).contains("Arctic animals") }
            #expect(fixture.sessionFiles.count == 2)
            try terminal.send("/search WALRUSES")
            try await terminal.wait(for: "Sessions (2)")
            try terminal.press("Delete")
            try await terminal.wait(for: "Sessions (1)")
            #expect(fixture.sessionFiles.count == 1)
            try terminal.press("C-_")
            try await terminal.wait(for: "Sessions (2)")
            #expect(fixture.sessionFiles.count == 2)
        }

        @Test func theMouseChooses() async throws {
            let terminal = try Terminal(fixture, environment: ["TERM": "xterm-256color"])
            try await terminal.wait(for: "Write a message")
            try terminal.press("C-p")
            try await terminal.wait(for: "/help")
            try terminal.type("model")
            try await terminal.wait(for: "what is left") { !$0.contains("/help") && $0.contains("/model [NAME]") }
            let row = try #require(
                try terminal.screen.components(separatedBy: "\n").firstIndex { $0.contains("/model [NAME]") })
            // Two clicks, as xterm reports them: columns and rows count from 1.
            for _ in 1...2 { try terminal.send(bytes: Array("\u{1B}[<0;20;\(row + 1)M\u{1B}[<0;20;\(row + 1)m".utf8)) }
            try await terminal.wait(for: "Models (2)")
        }
    }
}
