import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A program that runs as another process, with default signal handling and, of what is open here, only its standard
/// streams: all descriptors of this program close when another one is started.
///
/// Used instead of Foundation's `Process`, which learns of a program's end by a socket that the program inherits: one that
/// leaves something in the background, as wl-copy does, never ends for it.
package struct ChildProgram: Sendable {
    package enum Separation {
        /// In a process group of its own, which can be given the terminal.
        case processGroup
        /// In a session of its own: it has no terminal that it could write on or read from.
        case session
    }

    /// What a standard stream of the process is.
    package enum Stream {
        case inherited
        case null
        case descriptor(Int32)
    }

    /// Held while a program starts, and while a descriptor is made that it must not inherit.
    static let starting = Mutex(())

    private let words: [String]
    private let environment: [String: String]

    /// - Parameters:
    ///   - program: a path, or a name that is looked for in this process's PATH.
    ///   - environment: all variables of the process.
    package init(
        _ program: String, _ arguments: [String], environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        words = [program] + arguments
        self.environment = environment
    }

    /// A command for the user's shell.
    ///
    /// - Parameters:
    ///   - command: as typed in a shell; it finds `arguments` as `$1`, `$2` …
    ///   - environment: all variables of the process.
    package init(
        shell command: String, arguments: [String] = [],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.init("/bin/sh", ["-c", command, "sh"] + arguments, environment: environment)
    }

    /// Starts it without waiting. Killing the process group of the returned id stops everything that it started.
    ///
    /// - Returns: nil if it cannot be started.
    package func start(
        _ separation: Separation, input: Stream = .inherited, output: Stream, error: Stream
    ) -> pid_t? {
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
        let flag = separation == .session ? Self.newSession : Int32(POSIX_SPAWN_SETPGROUP)
        posix_spawnattr_setflags(
            &attributes, Int16(flag | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)))
        for (target, stream) in [(STDIN_FILENO, input), (STDOUT_FILENO, output), (STDERR_FILENO, error)] {
            switch stream {
            case .inherited: break
            case .null: posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
            case .descriptor(let source): posix_spawn_file_actions_adddup2(&actions, source, target)
            }
        }

        var pid: pid_t = 0
        var words = Self.pointers(words)
        var variables = Self.pointers(environment.map { "\($0.key)=\($0.value)" })
        defer { for pointer in words + variables { free(pointer) } }
        let program = self.words[0]
        return Self.starting.withLock { _ in
            posix_spawnp(&pid, program, &actions, &attributes, &words, &variables) == 0 ? pid : nil
        }
    }

    /// Waits until a process that `start` returned has ended.
    ///
    /// - Returns: its exit code.
    @discardableResult
    package static func exitCode(of pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else { return 0 }
        }
        return exitCode(status)
    }

    /// - Returns: the exit code; nil if the process still runs after that time.
    package static func exitCode(of pid: pid_t, within limit: Duration) -> Int32? {
        let end = ContinuousClock.now + limit
        while true {
            var status: Int32 = 0
            let ended = waitpid(pid, &status, WNOHANG)
            if ended == pid { return exitCode(status) }
            guard ended == 0 || errno == EINTR else { return 0 }
            guard ContinuousClock.now < end else { return nil }
            usleep(10_000)
        }
    }

    /// The exit code that a shell would show for a status from `waitpid`: 128 more than the signal that ended it.
    package static func exitCode(_ status: Int32) -> Int32 {
        status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    /// `POSIX_SPAWN_SETSID`, which not every C library's header shows.
    private static var newSession: Int32 {
        #if canImport(Darwin)
            0x0400
        #else
            0x80
        #endif
    }

    private static func pointers(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { strdup($0) } + [nil]
    }
}
