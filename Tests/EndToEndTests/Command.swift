import Files
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A finished program and its output.
///
/// Its output is in files: a server that the program leaves running (tmux) would hold a pipe open, and reading would never
/// end.
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
        status = ChildProgram.exitCode(of: pid)
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
        let merged = ProcessInfo.processInfo.environment.mapValues(Optional.some).merging(environment) { $1 }
        let descriptors = streams.map { open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        defer { for descriptor in descriptors { close(descriptor) } }
        let pid = ChildProgram(words[0], Array(words.dropFirst()), environment: merged.compactMapValues(\.self)).start(
            .session, input: .descriptor(descriptors[0]), output: .descriptor(descriptors[1]),
            error: .descriptor(descriptors[2]))
        return try #require(pid, "Cannot start \(words[0])")
    }
}

extension Fixture {
    /// Runs Sotto.
    func sotto(
        _ arguments: [String], input: String? = nil, environment: [String: String?] = [:],
        whileRunning: (Command.Running) throws -> Void = { _ in }
    ) throws -> Command {
        try Command(
            Self.binary.path, arguments, input: input,
            environment: environment.merging(["SOTTO_HOME": home.path]) { own, _ in own }, whileRunning: whileRunning)
    }
}
