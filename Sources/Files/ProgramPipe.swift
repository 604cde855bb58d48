#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A pipe that programs started later do not inherit: one that keeps running would hold it open, and the reader would wait
/// for its end forever. A `ChildProgram` gets an end as one of its streams.
package struct ProgramPipe: Sendable {
    package let readEnd: Int32
    package let writeEnd: Int32

    /// Nil if the process has too many open files.
    package init?() {
        var ends: [Int32] = [0, 0]
        // Swift does not see pipe2, which would do both at once.
        let isMade = ChildProgram.starting.withLock { _ in
            guard pipe(&ends) == 0 else { return false }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return true
        }
        guard isMade else { return nil }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }
}
