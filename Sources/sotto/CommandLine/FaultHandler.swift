import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ends the program with one line if a file that is mapped into memory shrinks: reading beyond its new end raises SIGBUS.
/// Without a handler, Swift's runtime writes pages of a backtrace, and sometimes never ends.
enum FaultHandler {
    static func install() { signal(SIGBUS, endAfterFault) }

    /// For every handler of SIGBUS.
    static let message: StaticString =
        "sotto: A model's file was truncated while it was in use. Copy or download it again\n"
}

/// Async-signal-safe.
private func endAfterFault(_ number: Int32) {
    let message = FaultHandler.message
    _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
    _exit(EXIT_FAILURE)
}
