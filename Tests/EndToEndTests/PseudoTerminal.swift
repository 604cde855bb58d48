import Files
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The program in a pseudo-terminal without an emulator: exact bytes go in, with exact gaps, and exact bytes come out.
final class PseudoTerminal {
    private let relay: pid_t
    private let input: FileHandle
    private let output = OutputLog()

    /// Passes bytes on between a program's terminal and its own standard streams, as they come; SIGTERM too.
    private static let script = """
        import fcntl, os, pty, select, signal, struct, sys, termios
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        process, terminal = pty.fork()
        if process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", int(sys.argv[1]), int(sys.argv[2]), 0, 0))
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
            os.execv(sys.argv[3], sys.argv[3:])
        signal.signal(signal.SIGTERM, lambda *_: os.kill(process, signal.SIGTERM))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
        try:
            while True:
                for source in select.select([0, terminal], [], [])[0]:
                    data = os.read(source, 65536)
                    if source == 0 and not data: sys.exit()
                    os.write(terminal if source == 0 else 1, data)
        except OSError:
            pass
        finally:
            os.kill(process, signal.SIGKILL)
        """

    /// - Parameter environment: in addition to the test's own; an empty value removes a variable.
    init(_ fixture: Fixture, environment: [String: String] = [:], width: Int = 80, height: Int = 24) throws {
        let own = [
            "TERM": "xterm-256color", "SOTTO_HOME": fixture.home.path, "TMUX": "", "COLUMNS": "", "LINES": "",
            "SSH_CONNECTION": "", "SSH_CLIENT": "", "SSH_TTY": "", "DISPLAY": "", "WAYLAND_DISPLAY": "",
        ]
        let environment = ProcessInfo.processInfo.environment.merging(own) { $1 }.merging(environment) { $1 }
            .filter { !$0.value.isEmpty }
        let words = ["-c", Self.script, "\(height)", "\(width)", Fixture.binary.path]
        let given = try #require(ProgramPipe()), printed = try #require(ProgramPipe())
        // A program that has ended reads nothing more.
        signal(SIGPIPE, SIG_IGN)
        let pid = ChildProgram("python3", words, environment: environment).start(
            .session, input: .descriptor(given.readEnd), output: .descriptor(printed.writeEnd), error: .inherited)
        close(given.readEnd)
        close(printed.writeEnd)
        input = FileHandle(fileDescriptor: given.writeEnd, closeOnDealloc: true)
        let reader = FileHandle(fileDescriptor: printed.readEnd, closeOnDealloc: true)
        relay = try #require(pid)
        let log = output
        Thread.detachNewThread {
            while case let bytes = reader.availableData, !bytes.isEmpty { log.add(bytes) }
            log.end()
        }
    }

    deinit {
        try? input.close()
        ChildProgram.exitCode(of: relay)
    }

    func send(_ text: String) { send(bytes: Array(text.utf8)) }

    func send(bytes: [UInt8]) { try? input.write(contentsOf: Data(bytes)) }

    /// Sends reads of their own with gaps in between.
    ///
    /// - Returns: the longest gap that there really was: other processes may have had the processor.
    func send(torn reads: [[UInt8]], gap: Duration) async throws -> Duration {
        var longest = Duration.zero
        for (number, bytes) in reads.enumerated() {
            let start = ContinuousClock.now
            if number > 0 { try await Task.sleep(for: gap) }
            send(bytes: bytes)
            longest = max(longest, start.duration(to: .now))
        }
        return longest
    }

    /// Asks the program to end.
    func terminate() { kill(relay, SIGTERM) }

    /// Everything that the program has written.
    var written: String { output.text }
    var hasEnded: Bool { output.hasEnded }

    func wait(
        for what: String, at location: SourceLocation = #_sourceLocation, until condition: () throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            if try condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("\(what) did not come; written: \(written.suffix(2000))", sourceLocation: location)
        throw Terminal.Waited()
    }

    /// Waits until a text has been written in one piece.
    func wait(forText text: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await wait(for: "\"\(text)\"", at: location) { written.contains(text) }
    }
}

/// What a thread has read. Unchecked because all access is under the lock.
private final class OutputLog: @unchecked Sendable {
    private let lock = NSLock()
    private var bytes = Data()
    private var isClosed = false

    func add(_ more: Data) { lock.withLock { bytes += more } }
    func end() { lock.withLock { isClosed = true } }
    var text: String { lock.withLock { String(decoding: bytes, as: UTF8.self) } }
    var hasEnded: Bool { lock.withLock { isClosed } }
}
