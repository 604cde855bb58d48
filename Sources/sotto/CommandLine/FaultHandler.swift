import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ends the program with one line if a file that is mapped into memory shrinks: reading beyond its new end raises SIGBUS.
/// Without a handler, Swift's runtime writes pages of a backtrace, and sometimes never ends.
enum FaultHandler {
    /// All threads of a computation may read beyond the end at once.
    private static let isEnding = Atomic(false)

    static func install() {
        // A handler must not be the first to use it.
        _ = isEnding.load(ordering: .relaxed)
        signal(SIGBUS) { _ in FaultHandler.end() }
    }

    /// Async-signal-safe.
    static func end() -> Never {
        if isEnding.exchange(true, ordering: .relaxed) { while true { pause() } }
        let message: StaticString =
            "sotto: A model's file was truncated while it was in use. Copy or download it again\n"
        _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
        _exit(EXIT_FAILURE)
    }
}
