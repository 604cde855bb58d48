import Foundation
import Testing

extension EndToEndTests {
    /// Input as slow, torn and unusual terminals send it.
    @Suite struct TerminalInputTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        private func start(_ environment: [String: String] = [:]) async throws -> PseudoTerminal {
            let terminal = try PseudoTerminal(fixture, environment: environment)
            try await terminal.wait(forText: "Write a message")
            terminal.send("/set max_tokens 8")
            try await Task.sleep(for: .milliseconds(100))
            terminal.send("\r")
            try await terminal.wait(forText: "max_tokens is now 8")
            return terminal
        }

        private func sent(_ terminal: PseudoTerminal) async throws -> String? {
            try await fixture.stored { !$0.messages.isEmpty }
            return try fixture.messages().first?.content
        }

        @Test func charactersSurviveASerialLine() async throws {
            let terminal = try await start()
            for byte in "Grüße 東京".utf8 {
                terminal.send(bytes: [byte])
                try await Task.sleep(for: .milliseconds(2))
            }
            terminal.send(bytes: [0xFF] + Array("ä".utf8))
            try await terminal.wait(forText: "ä")
            terminal.send("\r")
            #expect(try await sent(terminal) == "Grüße 東京\u{FFFD}ä")
        }

        /// With 40 ms between the parts. Measured, because other processes may have had the processor meanwhile.
        @Test func tornSequencesStayWhole() async throws {
            let terminal = try await start(["SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"])
            terminal.send("one")
            try await terminal.wait(forText: "one")
            let escape: [UInt8] = [0x1B]
            let gap = Duration.milliseconds(40)
            let isSlow = try await terminal.send(torn: [escape, Array("\r".utf8)], gap: gap) > .milliseconds(150)
            let mouse = try await terminal.send(torn: [escape, Array("[<64;10;8M".utf8)], gap: gap)
            // The mark of a paste may even come a second later.
            _ = try await terminal.send(
                torn: [escape, Array("[20".utf8), Array("0~two\rthree\u{1B}[20".utf8), Array("1~".utf8)], gap: gap)
            if isSlow || mouse > .milliseconds(150) { return }
            try await terminal.wait(forText: "three")
            #expect(fixture.sessionFiles.isEmpty)
            terminal.send("\r")
            #expect(try await sent(terminal) == "one\ntwo\nthree")
        }

        @Test func aPasteWithoutMarksIsNotSent() async throws {
            let terminal = try await start()
            terminal.send("first line\rsecond\tline\r/quit\rlast line")
            try await terminal.wait(forText: "last line")
            #expect(!terminal.hasEnded && fixture.sessionFiles.isEmpty)
            try await Task.sleep(for: .milliseconds(200))
            terminal.send("\r")
            #expect(try await sent(terminal) == "first line\nsecond\tline\n/quit\nlast line")
        }

        /// As after a program that has switched a protocol on and died.
        @Test(arguments: [("\u{1B}[27u", "\u{1B}[99;5u"), ("\u{1B}[27;1;27~", "\u{1B}[27;5;99~")])
        func keyboardProtocolsStopAReplyAndLeave(escape: String, interrupt: String) async throws {
            let terminal = try PseudoTerminal(fixture, width: 100)
            try await terminal.wait(forText: "Write a message")
            terminal.send("/set logit_bias 2=-inf")
            try await Task.sleep(for: .milliseconds(100))
            terminal.send("\u{1B}[13;5u")
            try await terminal.wait(forText: "logit_bias is now")
            terminal.send("Tell me a very long story.")
            try await terminal.wait(forText: "long story.")
            terminal.send("\r")
            // The status says how many tokens the draft has as well, but without a rate.
            try await terminal.wait(for: "a growing reply") { terminal.written.contains(" tokens · ") }
            terminal.send(escape)
            try await fixture.stored { $0.messages.last?.stats?.stop == "cancelled" }
            terminal.send(interrupt)
            try await Task.sleep(for: .milliseconds(100))
            terminal.send(interrupt)
            try await terminal.wait(for: "the end") { terminal.hasEnded }
        }
    }
}
