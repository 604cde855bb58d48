import Foundation
import Testing

extension EndToEndTests {
    /// Writing in the real program: external editors, attachments, and drafts that survive a crash.
    @Suite struct WritingTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        private var drafts: [URL] {
            let entries = try? FileManager.default.contentsOfDirectory(
                at: fixture.home.appending(path: "sessions"), includingPropertiesForKeys: nil)
            return (entries ?? []).filter { $0.pathExtension == "draft" }
        }

        private func text(of draft: URL) -> String { (try? String(contentsOf: draft, encoding: .utf8)) ?? "" }

        @Test func aDraftSurvivesTheEditorAKillAndARestart() async throws {
            // An editor that shows where its file is, waits for a line, and adds it.
            let editor = try fixture.file(
                "editor.sh", holding: Data("echo \"at $1\"; read line; echo \"$line\" >> \"$1\"\n".utf8))
            _ = try fixture.file("notes.md", holding: Data("The password is walrus.\n".utf8))
            _ = try fixture.file("image.png", holding: Data([0x89, 0x50, 0, 1, 2, 3]))
            let environment = ["EDITOR": "sh \(editor)", "VISUAL": ""]
            var terminal = try Terminal(fixture, environment: environment)
            try await terminal.wait(for: "ready")
            try terminal.type("Hello draft")
            try terminal.press("C-g")
            try await terminal.wait(for: "at /")
            let path = try #require(try terminal.screen.split(separator: "\n").first { $0.hasPrefix("at /") })
                .dropFirst(3)
            let folder = URL(filePath: String(path).trimmingCharacters(in: .whitespaces)).deletingLastPathComponent()
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
            try terminal.send("written outside")
            try await terminal.wait(for: "› Hello draft")
            try await terminal.wait(for: "written outside")
            #expect(!FileManager.default.fileExists(atPath: folder.path))

            // The draft was never sent when the program is killed.
            try await terminal.wait(for: "the draft on disk") { _ in
                drafts.contains { text(of: $0).contains("written outside") }
            }
            let process = try #require(Int32(try terminal.ask("#{pane_pid}")))
            _ = try Command("pkill", ["-KILL", "-P", "\(process)", "sotto"])
            try await terminal.wait(for: "exit status 137")
            terminal = try Terminal(fixture, environment: environment)
            try await terminal.wait(for: "written outside")

            // A file mentioned in the text is read and counted before it is sent; a binary file is refused.
            try terminal.type(" See @notes.md now")
            try await terminal.wait(for: "▤ notes.md 24 B")
            try await terminal.wait(for: "left")
            try terminal.press("Enter")
            try await terminal.wait(for: "the message on disk") { _ in !fixture.sessionFiles.isEmpty }
            try terminal.press("Escape")
            try await terminal.wait(for: "ready")
            let sent = try #require(try fixture.messages().first)
            #expect(sent.content == "Hello draft\nwritten outside See @notes.md now")
            #expect(sent.attachments?.map(\.content) == ["The password is walrus.\n"])
            #expect(drafts.isEmpty)
            try terminal.send("/file image.png")
            try await terminal.wait(for: "image.png is not")

            // The next run finds the message in the history.
            try terminal.send("/quit")
            try await terminal.wait(for: "exit status 0")
            terminal = try Terminal(fixture, environment: environment)
            try await terminal.wait(for: "ready")
            try terminal.press("C-r")
            try terminal.type("hello")
            try await terminal.wait(for: "search history: hello")
            try terminal.press("Enter")
            try await terminal.wait(for: "› Hello draft")
        }

        @Test func aMegabyteIsPastedExactlyAndPathsComplete() async throws {
            _ = try fixture.file("alpha beta.txt", holding: Data("x".utf8))
            let terminal = try Terminal(fixture)
            try await terminal.wait(for: "ready")
            try terminal.type("@alp")
            try terminal.press("Tab")
            try await terminal.wait(for: "@\"alpha beta.txt\"")
            try terminal.press("C-u")
            let line = "All work and no play: \u{1B}[31m日本語\u{1B}[0m é 👨‍👩‍👧.\n"
            let pasted = String(repeating: line, count: 1_000_000 / line.utf8.count) + "the end"
            try terminal.paste(try fixture.file("paste.txt", holding: Data(pasted.utf8)))
            try await terminal.wait(for: "the end")
            try await terminal.wait(for: "the draft on disk") { _ in
                guard let draft = drafts.first, let data = try? Data(contentsOf: draft) else { return false }
                return try JSONDecoder().decode(DraftFile.self, from: data).text == pasted
            }
        }

        private struct DraftFile: Decodable { let text: String }
    }
}
