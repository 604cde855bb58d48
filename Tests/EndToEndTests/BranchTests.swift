import Foundation
import Testing

extension EndToEndTests {
    /// Reading and branching in the real program, from the first message to the next start.
    @Suite struct BranchTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        @Test func branchesSearchesCopiesAndSavesEverything() async throws {
            let home = fixture.home.path
            try fixture.program("wl-copy", "cat > '\(home)/clipboard'; echo $# > '\(home)/arguments'")
            try fixture.program("pager", "echo THE PAGER; cat \"$2\"; read line; test \"$1\" = -x")
            let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
            let environment = [
                "PATH": "\(home)/bin:\(path)", "WAYLAND_DISPLAY": "test", "PAGER": "\(home)/bin/pager -x",
            ]
            var terminal = try Terminal(fixture, environment: environment)
            try await terminal.wait(for: "Write a message")
            try terminal.send("/set max_tokens 8")
            try terminal.send("/set logit_bias 2=-inf")
            try terminal.send("Say hello to the cat.")
            try await fixture.stored { $0.messages.last?.stats != nil }

            // An edited message begins a branch; what it shares with the other branch is in the cache.
            try terminal.press("M-Up", "Up", "e")
            try await terminal.wait(for: "editing message 1")
            try terminal.type(" Also to the dog.")
            try terminal.press("Enter")
            try await fixture.stored { $0.messages.count == 4 && $0.messages.last?.stats != nil }
            let branched = try fixture.session()
            #expect(branched.messages.map(\.parent) == [nil, "m1", nil, "m3"])
            let stats = try #require(branched.messages[3].stats)
            #expect(stats.cachedTokens > 0 && stats.cachedTokens < stats.promptTokens)
            #expect(stats.stop == "tokenLimit")

            // The reply is continued in place.
            try terminal.send("/continue")
            try await fixture.stored { $0.messages[3].content.count > branched.messages[3].content.count }
            try await fixture.stored {
                $0.messages[3].stats?.stop == "tokenLimit" && $0.messages[3].content.utf8.count > 20
            }

            // A click on the arrow shows the other branch, a key goes back.
            try terminal.press("M-Up", "Up")
            try await terminal.wait(for: "‹ 2/2 ›")
            let screen = try terminal.screen.split(separator: "\n", omittingEmptySubsequences: false)
            let row = try #require(screen.firstIndex { $0.contains("‹ 2/2 ›") })
            let mark = try #require(screen[row].firstRange(of: "‹"))
            let column = screen[row].distance(from: screen[row].startIndex, to: mark.lowerBound)
            // The left button, as xterm reports it: columns and rows start at 33.
            try terminal.send(bytes: Array("\u{1B}[M ".utf8) + [UInt8(33 + column), UInt8(33 + row)])
            try await terminal.wait(for: "‹ 1/2 ›")
            try await fixture.stored { $0.head == "m2" }
            try terminal.press("Right")
            try await fixture.stored { $0.head == "m4" }

            // Delete and undo.
            try terminal.press("d")
            try await fixture.stored { $0.messages.count == 2 && $0.head == "m2" }
            try terminal.press("u")
            try await fixture.stored { $0.messages.count == 4 && $0.head == "m4" }

            // Copy with the clipboard program, and read in the pager.
            try terminal.press("y")
            try await terminal.wait(for: "the text on the clipboard") { _ in
                fixture.text(of: "clipboard") == "Say hello to the cat. Also to the dog."
                    && fixture.text(of: "arguments") == "0\n"
            }
            try terminal.press("Enter")
            try await terminal.wait(for: "THE PAGER")
            try await terminal.wait(for: "the message in the pager") {
                !$0.contains("F1 help") && $0.contains("the dog")
            }
            try await Task.sleep(for: .milliseconds(200))
            try terminal.press("C-z", "Enter")
            try await terminal.wait(for: "F1 help")
            #expect(try !terminal.screen.contains("status"))

            // Search, the tree, and the comparison.
            try terminal.type("/dog")
            try await terminal.wait(for: "search · 1/")
            try terminal.press("Escape", "F6")
            try await terminal.wait(for: "Branches · 4 messages")
            try terminal.press("Home", "s")
            try await terminal.wait(for: "Tab other side")
            try await terminal.escape(to: "the input") { $0.contains("F1 help") && !$0.contains("Esc ") }
            try terminal.send("/mouse off")
            try await terminal.wait(for: "Mouse off")
            #expect(try terminal.ask("#{mouse_any_flag}") == "0")
            try terminal.send("/quit")
            try await terminal.wait(for: "exit status 0")

            terminal = try Terminal(fixture)
            try await terminal.wait(for: "‹ 2/2 ›")
            try await terminal.wait(for: "the dog")
            #expect(try terminal.ask("#{mouse_any_flag}") == "0")
        }
    }
}
