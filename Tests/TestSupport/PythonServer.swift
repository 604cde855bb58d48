import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A Python program of these tests that serves on this computer. It prints its port first. It ends with this object, and
/// with the tests, which close its standard input.
public final class PythonServer: Sendable {
    public let port: Int
    private let pid: pid_t
    /// The end of this pipe ends the server.
    private let input: Int32

    public struct NoPort: Error {}

    /// Starts the program and waits for its port.
    ///
    /// - Parameter program: its path below `Tests`.
    public init(_ program: String, _ arguments: [String]) throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        guard let input = ProgramPipe(), let output = ProgramPipe() else { throw NoPort() }
        let pid = ChildProgram("python3", [tests.appending(path: program).path] + arguments)
            .start(.session, input: .descriptor(input.readEnd), output: .descriptor(output.writeEnd), error: .inherited)
        close(input.readEnd)
        close(output.writeEnd)
        let reader = FileHandle(fileDescriptor: output.readEnd, closeOnDealloc: true)
        var line = Data()
        while pid != nil, line.last != UInt8(ascii: "\n"), let byte = try reader.read(upToCount: 1), !byte.isEmpty {
            line += byte
        }
        guard let pid, let port = Int(String(decoding: line.dropLast(), as: UTF8.self)) else {
            close(input.writeEnd)
            throw NoPort()
        }
        (self.port, self.pid, self.input) = (port, pid, input.writeEnd)
    }

    deinit {
        kill(pid, SIGKILL)
        ChildProgram.exitCode(of: pid)
        close(input)
    }
}
