import Foundation

/// A Python program of these tests that serves on this computer. It prints its port first. It ends with this object, and
/// with the tests, which close its standard input.
public final class PythonServer: Sendable {
    public let port: Int
    private let process: Process
    private let input = Pipe()

    public struct NoPort: Error {}

    /// Starts the program and waits for its port.
    ///
    /// - Parameter program: its path below `Tests`.
    public init(_ program: String, _ arguments: [String]) throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", tests.appending(path: program).path] + arguments
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            guard let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty else { throw NoPort() }
            line += byte
        }
        guard let port = Int(String(decoding: line.dropLast(), as: UTF8.self)) else { throw NoPort() }
        self.port = port
    }

    // Not with SIGTERM: this may be a thread that blocks signals, which the server has inherited.
    deinit { kill(process.processIdentifier, SIGKILL) }
}
