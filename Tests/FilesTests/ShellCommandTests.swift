import Foundation
import Testing

@testable import Files

struct ShellCommandTests {
    /// What a command prints on its standard output, and its exit code.
    private func result(_ command: ShellCommand, input: ShellCommand.Stream = .null) throws -> (String, Int32) {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        let pid = try #require(command.start(.session, input: input, output: .descriptor(ends[1]), error: .null))
        close(ends[1])
        var output: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 4096)
        while case let count = read(ends[0], &bytes, bytes.count), count > 0 { output += bytes[..<count] }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        return (String(decoding: output, as: UTF8.self), ShellCommand.exitCode(status))
    }

    @Test func argumentsAreNotReadAsShellText() throws {
        let text = "a; echo b $HOME 'c'"
        #expect(try result(ShellCommand("printf '%s' \"$1\"", arguments: [text])) == (text, 0))
    }

    @Test func theEnvironmentIsTheGivenOne() throws {
        #expect(try result(ShellCommand("printf %s \"$WORD$HOME\"", environment: ["WORD": "x"])) == ("x", 0))
    }

    @Test(arguments: [("exit 3", 3), ("kill -TERM $$", 128 + SIGTERM), ("no-such-program-here", 127)])
    func exitCodesAreThoseOfAShell(command: String, code: Int32) throws {
        #expect(try result(ShellCommand(command)).1 == code)
    }

    /// Signals that this process ignores end the other one all the same.
    @Test func signalsHaveTheirDefaultMeaning() throws {
        let previous = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, previous) }
        #expect(try result(ShellCommand("kill -PIPE $$; echo alive")) == ("", 128 + SIGPIPE))
    }
}
