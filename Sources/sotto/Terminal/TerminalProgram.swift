import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Another program that has the terminal for a while: the person's pager or editor, as their shell would start it.
struct TerminalProgram: Sendable {
    /// As the shell reads it, arguments included.
    let command: String

    /// `$PAGER`, else what there usually is.
    static var pager: TerminalProgram { TerminalProgram(command: variable("PAGER") ?? "less") }
    /// `$VISUAL` or `$EDITOR`, else what there usually is.
    static var editor: TerminalProgram { TerminalProgram(command: variable("VISUAL") ?? variable("EDITOR") ?? "vi") }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Why a program did not do its work, in one line.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs it on a file and waits for its end. Only while the terminal is lent (`Terminal.lend`).
    func run(on file: URL, terminal: Int32) throws(Failure) {
        let pid = try spawn(["/bin/sh", "-c", "\(command) \"$1\"", "sh", file.path], terminal: terminal)
        // The program is the one that Ctrl-C and Ctrl-Z are for. Taking the terminal back from the background is
        // allowed only to those who do not hear the signal that would stop them.
        let previous = signal(SIGTTOU, SIG_IGN)
        defer {
            tcsetpgrp(terminal, getpgrp())
            signal(SIGTTOU, previous)
        }
        tcsetpgrp(terminal, pid)
        kill(-pid, SIGCONT)
        var status: Int32 = 0
        while true {
            let result = waitpid(pid, &status, WUNTRACED)
            if result < 0, errno == EINTR { continue }
            if result < 0 { throw Failure(description: "\(command) cannot be waited for") }
            // Nobody could continue a program that stops itself: it goes on at once.
            guard status & 0xFF == 0x7F else { break }
            kill(-pid, SIGCONT)
        }
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        if code == 127 { throw Failure(description: "there is no program \"\(command)\" here; set PAGER or EDITOR") }
        if code != 0 { throw Failure(description: "\(command) ended with status \(code)") }
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

/// A file for another program to read or change, for nobody else's eyes; gone afterwards.
enum TemporaryText {
    static func with<Result>(_ text: String, suffix: String = ".md", _ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory
        let name = folder.appending(path: "sotto-\(UUID().uuidString)\(suffix)")
        let descriptor = open(name.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandLineError("no file can be made in \(folder.path)") }
        defer { unlink(name.path) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
        return try body(name)
    }
}
