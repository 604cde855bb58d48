import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A finished program and its output.
///
/// Started with `posix_spawn`, its output in files: with pipes or Foundation's `Process`, a server that the program leaves
/// running (tmux) would inherit a descriptor, and reading would never end.
struct Command {
    /// As in a shell: 128 plus the signal's number if a signal ended the program.
    let status: Int32
    let output: String
    let error: String

    /// Runs a program from the path.
    ///
    /// - Parameters:
    ///   - environment: added to this process's environment; nil removes a variable.
    ///   - whileRunning: called with the running program.
    init(
        _ program: String, _ arguments: [String], input: String? = nil, environment: [String: String?] = [:],
        whileRunning: (Running) throws -> Void = { _ in }
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["in", "out", "error"].map { folder.appending(path: $0) }
        try Data((input ?? "").utf8).write(to: files[0])

        let pid = try Self.start([program] + arguments, environment: environment, streams: files.map(\.path))
        try whileRunning(Running(pid: pid, output: files[1]))
        status = Self.wait(for: pid)
        output = String(decoding: try Data(contentsOf: files[1]), as: UTF8.self)
        error = String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
    }

    /// A program that has not ended yet.
    struct Running {
        let pid: pid_t
        fileprivate let output: URL

        /// Waits until the program has written something to standard output.
        func waitForOutput() throws {
            try wait { (try? Data(contentsOf: output))?.isEmpty == false }
        }

        #if os(Linux)
            /// Waits until the program has a handler for a signal.
            func waitUntilHandling(_ signal: Int32) throws {
                try wait {
                    let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
                    let mask = status?.firstMatch(of: /SigCgt:\t([0-9a-f]+)/).flatMap { UInt64($0.1, radix: 16) }
                    return mask.map { $0 >> (signal - 1) & 1 == 1 } ?? false
                }
            }
        #endif

        private func wait(for condition: () -> Bool) throws {
            for _ in 0..<1200 {
                if condition() { return }
                Thread.sleep(forTimeInterval: 0.05)
            }
            throw TimedOut()
        }

        struct TimedOut: Error {}
    }

    /// - Parameter streams: files for standard input, output and error.
    private static func start(
        _ words: [String], environment: [String: String?], streams: [String]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, streams[0], O_RDONLY, 0)
        for (descriptor, file) in zip([STDOUT_FILENO, STDERR_FILENO], streams[1...]) {
            posix_spawn_file_actions_addopen(&actions, descriptor, file, O_WRONLY | O_CREAT, 0o600)
        }
        // Test threads block most signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        let merged = ProcessInfo.processInfo.environment.mapValues(Optional.some).merging(environment) { $1 }
        var argv = words.map { strdup($0) } + [nil]
        var envp = merged.compactMapValues(\.self).map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid: pid_t = 0
        try #require(posix_spawnp(&pid, words[0], &actions, &attributes, &argv, &envp) == 0, "Cannot start \(words[0])")
        return pid
    }

    private static func wait(for pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        // The low seven bits are the signal, or 0 for an exit, whose status is in the next byte.
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}

extension Fixture {
    /// Runs Sotto.
    func sotto(
        _ arguments: [String], input: String? = nil, whileRunning: (Command.Running) throws -> Void = { _ in }
    ) throws -> Command {
        try Command(
            Self.binary.path, arguments, input: input, environment: ["SOTTO_HOME": home.path],
            whileRunning: whileRunning)
    }
}
