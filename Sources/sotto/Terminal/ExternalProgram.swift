import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A program that uses the terminal for a while: the user's pager or editor, started by the shell.
struct ExternalProgram: Sendable {
    /// A shell command, including arguments.
    let command: String
    /// The environment variable in which the user can set another.
    let variable: String
    /// Whether it only displays the file.
    var isPager = false

    /// `$PAGER`, or the usual one.
    static var pager: ExternalProgram {
        ExternalProgram(command: named("PAGER") ?? "less", variable: "$PAGER", isPager: true)
    }
    /// `$VISUAL` or `$EDITOR`, or the usual one.
    static var editor: ExternalProgram {
        ExternalProgram(command: named("VISUAL") ?? named("EDITOR") ?? "vi", variable: "$VISUAL or $EDITOR")
    }

    private static func named(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
    }

    /// Why a program failed, in one line.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs it on a file until it ends. Call only while the terminal is suspended (`Terminal.suspend`).
    ///
    /// - Parameter meanwhile: called whenever the pipe wakes up, with the signals received through it.
    func run(on file: String, terminal: Int32, waking pipe: WakePipe, meanwhile: ([Int32]) -> Void) throws(Failure) {
        pipe.take([SIGCHLD])
        defer { signal(SIGCHLD, SIG_DFL) }
        let streams = ChildProgram.Stream.descriptor(terminal)
        guard
            let pid = ChildProgram(shell: "\(command) \"$1\"", arguments: [file])
                .start(.processGroup, output: streams, error: streams)
        else { throw Failure(description: "Cannot start \"\(command)\"") }
        // The program gets Ctrl-C and Ctrl-Z. A background process may take the terminal back only if it ignores the
        // signal that would stop it.
        let previous = signal(SIGTTOU, SIG_IGN)
        defer {
            tcsetpgrp(terminal, getpgrp())
            signal(SIGTTOU, previous)
        }
        tcsetpgrp(terminal, pid)
        kill(-pid, SIGCONT)
        try check(wait(for: pid, waking: pipe, meanwhile: meanwhile))
    }

    /// Waits for Enter below the program's output. Call only while the terminal is suspended.
    static func waitForEnter(terminal: Int32, waking pipe: WakePipe, meanwhile: ([Int32]) -> Bool) {
        TerminalGuard.write("\r\n[Press Enter to return to the chat]")
        while true {
            var descriptors = [terminal, pipe.readEnd].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            poll(&descriptors, nfds_t(descriptors.count), -1)
            if !meanwhile(signals(pipe)) { return }
            guard descriptors[0].revents != 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = read(terminal, &bytes, bytes.count)
            if count <= 0 || bytes[..<count].contains(UInt8(ascii: "\n")) { return }
        }
    }

    /// The signals that the chat handles while another program has the terminal.
    private static func signals(_ pipe: WakePipe) -> [Int32] {
        pipe.drainSignals().filter { ![SIGCHLD, SIGWINCH, SIGCONT].contains($0) }
    }

    private func wait(for pid: pid_t, waking pipe: WakePipe, meanwhile: ([Int32]) -> Void) -> Int32 {
        var status: Int32 = 0
        while true {
            let result = waitpid(pid, &status, WUNTRACED | WNOHANG)
            if result == pid {
                // Nobody could continue a program that stops itself, so continue it at once.
                guard status & 0xFF == 0x7F else { return status }
                kill(-pid, SIGCONT)
                continue
            }
            if result < 0, errno != EINTR { return 0 }
            var descriptor = pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0)
            poll(&descriptor, 1, -1)
            let signals = Self.signals(pipe)
            // What ends the chat also ends the programs it started.
            for signal in signals { kill(-pid, signal) }
            meanwhile(signals)
        }
    }

    private func check(_ status: Int32) throws(Failure) {
        let code = ChildProgram.exitCode(status)
        if code == 127 {
            throw Failure(description: "Cannot find \"\(command)\". Set \(variable) to another program")
        }
        // Ctrl-C is a way to leave a pager.
        if code == 0 || isPager && code == 128 + SIGINT { return }
        throw Failure(
            description: "\"\(command)\" ended with status \(code)" + (isPager ? "" : ". Nothing was changed"))
    }
}
