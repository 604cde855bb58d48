#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Which file is at a path, links resolved, and when it changed.
struct FileStamp: Sendable, Equatable {
    let identity: FileIdentity
    let size: Int
    /// In seconds and nanoseconds since 1970.
    let seconds: Int
    let nanoseconds: Int

    /// nil if there is nothing, or if it cannot be examined.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        identity = FileIdentity(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(status.st_ino))
        size = Int(status.st_size)
        #if os(macOS)
            let modified = status.st_mtimespec
        #else
            let modified = status.st_mtim
        #endif
        seconds = modified.tv_sec
        nanoseconds = modified.tv_nsec
    }
}

/// Tells files apart, whatever their paths are.
struct FileIdentity: Sendable, Hashable {
    let device: UInt64
    let inode: UInt64
}
