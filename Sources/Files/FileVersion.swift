import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Tells files apart, whatever their paths are.
package struct FileIdentity: Sendable, Hashable {
    let device: UInt64
    let inode: UInt64
}

/// Shows whether a file has changed, without reading it.
package struct FileVersion: Sendable, Equatable {
    package let identity: FileIdentity
    package let size: Int
    /// When the content last changed, in seconds and nanoseconds since 1970.
    let seconds: Int
    private let nanoseconds: Int

    package init(_ status: stat) {
        identity = FileIdentity(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(status.st_ino))
        size = Int(status.st_size)
        #if canImport(Darwin)
            let modified = status.st_mtimespec
        #else
            let modified = status.st_mtim
        #endif
        seconds = modified.tv_sec
        nanoseconds = modified.tv_nsec
    }

    /// nil if there is no file of this name. Symbolic links are followed.
    package init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Whether this file was changed later than another one.
    package func isNewer(than other: FileVersion) -> Bool {
        (seconds, nanoseconds) > (other.seconds, other.nanoseconds)
    }
}
