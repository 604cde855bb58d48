import Foundation
import Testing

extension EndToEndTests {
    /// Token probabilities in the real program: the next token next to the settings, and a branch from a token.
    @Suite struct TokenTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        @Test func theNextTokenIsShownAndAReplyIsBranchedFromAToken() async throws {
            var terminal = try Terminal(fixture)
            try await terminal.wait(for: "Write a message")
            try terminal.send("/set temperature 0")
            try terminal.send("/set max_tokens 8")
            try terminal.send("Name three colours.")
            try await fixture.stored { $0.messages.last?.stats != nil }
            let original = try fixture.session().messages[1].content

            // At temperature 0 only one token remains; a higher temperature leaves more, immediately.
            try terminal.press("F4")
            try await terminal.wait(for: "49,152 tokens")
            try await terminal.wait(for: "leaves 1")
            try terminal.type("1.5")
            try terminal.press("Enter")
            try await terminal.wait(for: "leaves 40")
            try terminal.type("0")
            try terminal.press("Enter")
            try await terminal.wait(for: "– temperature")
            try terminal.press("Escape")
            try await terminal.wait(for: "the conversation") { !$0.contains("Sampling") }

            // The same token leads to the same reply, another token to another reply.
            try terminal.send("/tokens")
            try await terminal.wait(for: "token 1/")
            try terminal.press("Right", "Right", "Enter")
            try await fixture.stored { $0.messages.count == 3 && $0.messages[2].content.count >= original.count }
            #expect(try fixture.session().messages[2].content.hasPrefix(original))
            try terminal.press("M-Up", "t")
            try await terminal.wait(for: "token 1/")
            try terminal.press("Right", "Right", "Down", "Enter")
            try await fixture.stored { $0.messages.count == 4 && $0.messages[3].stats != nil }
            let branched = try fixture.session().messages
            #expect(branched.map(\.parent) == [nil, "m1", "m1", "m1"])
            #expect(branched[3].content != original)

            // After a restart, the tokens are computed again from the text.
            try terminal.press("C-c", "C-c")
            try await terminal.wait(for: "exit status 0")
            terminal = try Terminal(fixture)
            try await terminal.wait(for: "‹ 3/3 ›")
            try terminal.send("/tokens")
            try await terminal.wait(for: "token 1/")
        }
    }
}
