import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A shell command that prints a key. Nothing it prints is ever shown.
struct KeyCommand: Sendable {
    let command: String
    let environment: [String: String]
    /// After which it is stopped, with everything it started.
    var limit = Duration.seconds(30)

    /// The longest first line, in bytes.
    private static let outputLimit = 4096

    /// Why there is no key, as a part of a sentence.
    enum Failure: Error, Equatable, CustomStringConvertible {
        case cannotStart
        case failed(status: Int32)
        case timedOut(seconds: Int64)
        case noKey

        var description: String {
            switch self {
            case .cannotStart: "it cannot be started"
            case .failed(let status): "it failed with status \(status)"
            case .timedOut(let seconds): "it did not end within \(seconds) seconds"
            case .noKey: "the first line it printed is no key"
            }
        }
    }

    func run() async -> Result<APIKey, Failure> {
        await DiskQueue.read { Result { () throws(Failure) in try runBlocking() } }
    }

    private func runBlocking() throws(Failure) -> APIKey {
        guard let pipe = ProgramPipe() else { throw .cannotStart }
        defer { close(pipe.readEnd) }
        _ = fcntl(pipe.readEnd, F_SETFL, O_NONBLOCK)
        let pid = ChildProgram(shell: command, environment: environment)
            .start(.session, input: .null, output: .descriptor(pipe.writeEnd), error: .null)
        close(pipe.writeEnd)
        guard let pid else { throw .cannotStart }
        let output = try readAll(from: pipe.readEnd, of: pid)
        let line = output.prefix { $0 != 0x0A }
        guard line.count <= Self.outputLimit, let key = APIKey(String(decoding: line, as: UTF8.self)) else {
            throw .noKey
        }
        return key
    }

    /// What the command prints, up to a little more than the limit, when it has ended well.
    private func readAll(from descriptor: Int32, of pid: pid_t) throws(Failure) -> [UInt8] {
        let end = ContinuousClock.now + limit
        var output: [UInt8] = []
        while true {
            var status: Int32 = 0
            let ended = waitpid(pid, &status, WNOHANG)
            // After the end, what is in the pipe is all: a program left in the background may keep it open.
            drain(descriptor, into: &output)
            if ended == pid {
                let code = ChildProgram.exitCode(status)
                guard code == 0 else { throw .failed(status: code) }
                return output
            }
            guard ended == 0 || errno == EINTR else { throw .failed(status: 1) }
            guard ContinuousClock.now < end else {
                kill(-pid, SIGKILL)
                waitpid(pid, &status, 0)
                throw .timedOut(seconds: limit.components.seconds)
            }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            poll(&waiting, 1, 20)
            // A closed pipe would make every poll return at once.
            if waiting.revents & Int16(POLLIN) == 0, waiting.revents != 0 { usleep(20_000) }
        }
    }

    private func drain(_ descriptor: Int32, into output: inout [UInt8]) {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return }
            output += bytes[..<min(count, max(0, Self.outputLimit + 1 - output.count))]
        }
    }
}
