import Foundation
import Testing

@testable import Files

struct ChildProgramTests {
    /// What a command prints on its standard output, and its exit code.
    private func result(_ command: ChildProgram, input: ChildProgram.Stream = .null) throws -> (String, Int32) {
        let pipe = try #require(ProgramPipe())
        defer { close(pipe.readEnd) }
        let pid = try #require(command.start(.session, input: input, output: .descriptor(pipe.writeEnd), error: .null))
        close(pipe.writeEnd)
        var output: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 4096)
        while case let count = read(pipe.readEnd, &bytes, bytes.count), count > 0 { output += bytes[..<count] }
        return (String(decoding: output, as: UTF8.self), ChildProgram.exitCode(of: pid))
    }

    @Test func argumentsAreNotReadAsShellText() throws {
        let text = "a; echo b $HOME 'c'"
        #expect(try result(ChildProgram(shell: "printf '%s' \"$1\"", arguments: [text])) == (text, 0))
    }

    @Test func theEnvironmentIsTheGivenOne() throws {
        #expect(try result(ChildProgram(shell: "printf %s \"$WORD$HOME\"", environment: ["WORD": "x"])) == ("x", 0))
    }

    @Test(arguments: [("exit 3", 3), ("kill -TERM $$", 128 + SIGTERM), ("no-such-program-here", 127)])
    func exitCodesAreThoseOfAShell(command: String, code: Int32) throws {
        #expect(try result(ChildProgram(shell: command)).1 == code)
    }

    /// Signals that this process ignores end the other one all the same.
    @Test func signalsHaveTheirDefaultMeaning() throws {
        let previous = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, previous) }
        #expect(try result(ChildProgram(shell: "kill -PIPE $$; echo alive")) == ("", 128 + SIGPIPE))
    }

    /// A clipboard program leaves a process that serves the text; the program itself has ended.
    @Test func whatStaysInTheBackgroundIsNotWaitedFor() throws {
        let program = ChildProgram(shell: "sleep 600 & exit 3")
        let pid = try #require(program.start(.session, input: .null, output: .null, error: .null))
        defer { kill(-pid, SIGKILL) }
        #expect(ChildProgram.exitCode(of: pid) == 3)
    }

    @Test func waitingEndsAtItsLimit() throws {
        let pid = try #require(
            ChildProgram("sleep", ["600"]).start(.session, input: .null, output: .null, error: .null))
        #expect(ChildProgram.exitCode(of: pid, within: .milliseconds(30)) == nil)
        kill(pid, SIGKILL)
        #expect(ChildProgram.exitCode(of: pid, within: .seconds(600)) == 128 + SIGKILL)
    }

    /// Otherwise a program that keeps running would hold the pipe of another one open.
    @Test func pipesAreNotInherited() throws {
        let pipe = try #require(ProgramPipe())
        let pid = try #require(
            ChildProgram("sleep", ["600"]).start(.session, input: .null, output: .null, error: .null))
        defer { kill(pid, SIGKILL) }
        close(pipe.writeEnd)
        var byte: UInt8 = 0
        #expect(read(pipe.readEnd, &byte, 1) == 0)
        close(pipe.readEnd)
    }
}
