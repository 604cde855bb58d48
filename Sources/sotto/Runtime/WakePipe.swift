import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A pipe that ends the chat thread's sleep: written by whoever has something for it, signal handlers included.
struct WakePipe: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw CommandLineError("no pipe can be made: too many files are open") }
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    /// Wakes the reader. A full pipe is fine: then it will wake anyway.
    func wake() { Self.send(0, to: writeEnd) }

    /// From now on these signals are delivered through the pipe, and do nothing else.
    func take(_ signals: [Int32]) {
        signalDescriptor = writeEnd
        for number in signals {
            signal(number) { WakePipe.send(UInt8(truncatingIfNeeded: $0), to: signalDescriptor) }
        }
    }

    /// The signals that have come since the last call.
    func drainSignals() -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 256)
        var signals: [Int32] = []
        while case let count = read(readEnd, &bytes, bytes.count), count > 0 {
            signals += bytes.prefix(count).filter { $0 != 0 }.map(Int32.init)
        }
        return signals
    }

    /// Sleeps until a certain signal has come, or for so long; all that have come by then.
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

/// Plain global storage, because a signal handler can be given nothing else. Written before the handlers are installed.
nonisolated(unsafe) private var signalDescriptor: Int32 = -1
