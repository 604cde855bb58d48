import CNcurses

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Collects what ncurses writes, so that a frame can be sent to the terminal at once.
///
/// ncurses writes when its buffer is full and when the cursor is shown or hidden: several times for a frame, with the
/// cursor elsewhere in between. So its descriptor leads to a file in memory while it is running.
struct OutputCollector {
    private let file: Int32

    /// Redirects a descriptor. Nil if the system gives no file; everything is then written as it comes.
    init?(redirecting descriptor: Int32) {
        file = sotto_memory_file()
        guard file >= 0 else { return nil }
        guard dup2(file, descriptor) >= 0 else {
            close(file)
            return nil
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// What has been written since the last call.
    func take() -> [UInt8] {
        let count = lseek(file, 0, SEEK_CUR)
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        let read = pread(file, &bytes, bytes.count, 0)
        // Both descriptors share the position.
        lseek(file, 0, SEEK_SET)
        return Array(bytes.prefix(max(0, read)))
    }
}
