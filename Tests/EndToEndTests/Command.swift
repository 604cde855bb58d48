import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A program that runs to its end, and what it said.
///
/// Started by the system's own call and speaking into files: with pipes, or Foundation's `Process`, a server that the
/// program leaves behind (tmux's) inherits a descriptor, and the end is never heard of.
struct Command {
    /// As a shell tells it: 128 and the signal's number for a program that a signal ended.
    let status: Int32
    let output: String
    let error: String

    /// Runs a program, found on the path, with an environment added to this one's. `whileRunning` gets its process id.
    init(
        _ program: String, _ arguments: [String], input: String? = nil, environment: [String: String] = [:],
        whileRunning: (pid_t) throws -> Void = { _ in }
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["in", "out", "error"].map { folder.appending(path: $0) }
        try Data((input ?? "").utf8).write(to: files[0])

        let pid = try Self.start([program] + arguments, environment: environment, streams: files.map(\.path))
        try whileRunning(pid)
        status = Self.wait(for: pid)
        output = String(decoding: try Data(contentsOf: files[1]), as: UTF8.self)
        error = String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
    }

    /// - Parameter streams: files for standard input, output and error.
    private static func start(
        _ words: [String], environment: [String: String], streams: [String]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, streams[0], O_RDONLY, 0)
        for (descriptor, file) in zip([STDOUT_FILENO, STDERR_FILENO], streams[1...]) {
            posix_spawn_file_actions_addopen(&actions, descriptor, file, O_WRONLY | O_CREAT, 0o600)
        }
        // The threads that tests run on block most signals, which a child would inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        let merged = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var argv = words.map { strdup($0) } + [nil]
        var envp = merged.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid: pid_t = 0
        try #require(posix_spawnp(&pid, words[0], &actions, &attributes, &argv, &envp) == 0, "cannot start \(words[0])")
        return pid
    }

    private static func wait(for pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        // The low seven bits are the signal, 0 for an exit, whose status is the next byte.
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}

extension Fixture {
    /// Runs the program itself.
    func sotto(
        _ arguments: [String], input: String? = nil, whileRunning: (pid_t) throws -> Void = { _ in }
    ) throws -> Command {
        try Command(
            Self.binary.path, arguments, input: input, environment: ["SOTTO_HOME": home.path],
            whileRunning: whileRunning)
    }
}
