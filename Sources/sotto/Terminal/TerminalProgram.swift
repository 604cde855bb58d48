import Foundation
import Sessions

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Another program that has the terminal for a while: the person's pager or editor, as their shell would start it.
struct TerminalProgram: Sendable {
    /// As the shell reads it, arguments included.
    let command: String
    /// Where the person can name another.
    let variable: String
    /// Whether it only shows the file.
    var isPager = false

    /// `$PAGER`, else what there usually is.
    static var pager: TerminalProgram {
        TerminalProgram(command: named("PAGER") ?? "less", variable: "$PAGER", isPager: true)
    }
    /// `$VISUAL` or `$EDITOR`, else what there usually is.
    static var editor: TerminalProgram {
        TerminalProgram(command: named("VISUAL") ?? named("EDITOR") ?? "vi", variable: "$VISUAL or $EDITOR")
    }

    private static func named(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
    }

    /// Why a program did not do its work, in one line.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs it on a file until it ends. Only while the terminal is lent (`Terminal.lend`).
    ///
    /// - Parameter meanwhile: called whenever the pipe has woken, with the signals that came through it.
    func run(on file: String, terminal: Int32, waking pipe: WakePipe, meanwhile: ([Int32]) -> Void) throws(Failure) {
        pipe.take([SIGCHLD])
        defer { signal(SIGCHLD, SIG_DFL) }
        let pid = try spawn(["/bin/sh", "-c", "\(command) \"$1\"", "sh", file], terminal: terminal)
        // The program is the one that Ctrl-C and Ctrl-Z are for. Taking the terminal back from the background is
        // allowed only to those who do not hear the signal that would stop them.
        let previous = signal(SIGTTOU, SIG_IGN)
        defer {
            tcsetpgrp(terminal, getpgrp())
            signal(SIGTTOU, previous)
        }
        tcsetpgrp(terminal, pid)
        kill(-pid, SIGCONT)
        try check(wait(for: pid, waking: pipe, meanwhile: meanwhile))
    }

    /// Waits for Enter below what the program has left on the screen. Only while the terminal is lent.
    static func waitForEnter(terminal: Int32, waking pipe: WakePipe, meanwhile: ([Int32]) -> Bool) {
        TerminalGuard.write("\r\n[Enter goes back to the chat]")
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

    /// Those that are for the chat while another program has the terminal.
    private static func signals(_ pipe: WakePipe) -> [Int32] {
        pipe.drainSignals().filter { ![SIGCHLD, SIGWINCH, SIGCONT].contains($0) }
    }

    private func wait(for pid: pid_t, waking pipe: WakePipe, meanwhile: ([Int32]) -> Void) -> Int32 {
        var status: Int32 = 0
        while true {
            let result = waitpid(pid, &status, WUNTRACED | WNOHANG)
            if result == pid {
                // Nobody could continue a program that stops itself: it goes on at once.
                guard status & 0xFF == 0x7F else { return status }
                kill(-pid, SIGCONT)
                continue
            }
            if result < 0, errno != EINTR { return 0 }
            var descriptor = pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0)
            poll(&descriptor, 1, -1)
            let signals = Self.signals(pipe)
            // Whoever ends the chat ends what it has started too.
            for signal in signals { kill(-pid, signal) }
            meanwhile(signals)
        }
    }

    private func check(_ status: Int32) throws(Failure) {
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        if code == 127 {
            throw Failure(description: "there is no program \"\(command)\" here; \(variable) can name another")
        }
        // Ctrl-C is a way to leave a pager.
        if code == 0 || isPager && code == 128 + SIGINT { return }
        throw Failure(description: "\(command) ended with status \(code)" + (isPager ? "" : "; nothing was changed"))
    }

    /// Starts it in a process group of its own, on the terminal, with signals as they are for a new program.
    private func spawn(_ arguments: [String], terminal: Int32) throws(Failure) -> pid_t {
        #if canImport(Darwin)
            var attributes: posix_spawnattr_t?
            var actions: posix_spawn_file_actions_t?
        #else
            var attributes = posix_spawnattr_t()
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
        }
        var all = sigset_t(), none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        for target in [STDOUT_FILENO, STDERR_FILENO] { posix_spawn_file_actions_adddup2(&actions, terminal, target) }

        var pid: pid_t = 0
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        let result = posix_spawn(&pid, arguments[0], &actions, &attributes, &pointers, environ)
        guard result == 0 else { throw Failure(description: "\(command) cannot be started") }
        return pid
    }
}

/// A file for another program to read or change, in a folder for nobody else's eyes; gone afterwards, with what the
/// program may have left beside it.
struct TemporaryText {
    let path: String
    private let endsWithLineFeed: Bool

    static func with(_ text: String, _ body: (TemporaryText) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sotto-\(UUID().uuidString)").path
        guard mkdir(folder, 0o700) == 0 else { throw CommandLineError("no folder can be made for \(folder)") }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = TemporaryText(path: "\(folder)/text.md", endsWithLineFeed: text.hasSuffix("\n"))
        try FileAccess.replace(file.path, with: Array((text.isEmpty || text.hasSuffix("\n") ? text : text + "\n").utf8))
        try body(file)
    }

    /// What stands there now, without the line feed that programs put at the end of every file.
    func read() throws -> String {
        let bytes = try FileAccess.read(path)
        let isAdded = bytes.last == UInt8(ascii: "\n") && !endsWithLineFeed
        return String(decoding: isAdded ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}
