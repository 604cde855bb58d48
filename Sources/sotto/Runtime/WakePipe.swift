import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A pipe that wakes up the chat's thread. Other threads and signal handlers write to it.
struct WakePipe: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32

    init() throws {
        guard let pipe = ProgramPipe() else {
            throw CommandLineError("Cannot create a pipe: too many open files")
        }
        (readEnd, writeEnd) = (pipe.readEnd, pipe.writeEnd)
        for end in [readEnd, writeEnd] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    }

    /// Wakes the reader. A full pipe is fine: the reader then wakes up anyway.
    func wake() { Self.send(0, to: writeEnd) }

    /// Delivers these signals through the pipe from now on, instead of their usual action.
    func take(_ signals: [Int32]) {
        signalDescriptor = writeEnd
        for number in signals {
            signal(number) { WakePipe.send(UInt8(truncatingIfNeeded: $0), to: signalDescriptor) }
        }
    }

    /// The signals received since the last call.
    func drainSignals() -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 256)
        var signals: [Int32] = []
        while case let count = read(readEnd, &bytes, bytes.count), count > 0 {
            signals += bytes.prefix(count).filter { $0 != 0 }.map(Int32.init)
        }
        return signals
    }

    /// Waits for a signal, at most for this time. Returns all signals received until then.
    func signals(until signal: Int32, milliseconds: Int32) -> [Int32] {
        let deadline = ContinuousClock.now + .milliseconds(Int(milliseconds))
        var signals: [Int32] = []
        repeat {
            var descriptor = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
            poll(&descriptor, 1, milliseconds)
            signals += drainSignals()
        } while !signals.contains(signal) && ContinuousClock.now < deadline
        return signals
    }

    /// Async-signal-safe.
    private static func send(_ byte: UInt8, to descriptor: Int32) {
        let saved = errno
        withUnsafePointer(to: byte) { _ = write(descriptor, $0, 1) }
        errno = saved
    }
}

/// Global storage, because a signal handler cannot capture anything. Unchecked because it is written only before handlers
/// are installed.
nonisolated(unsafe) private var signalDescriptor: Int32 = -1
