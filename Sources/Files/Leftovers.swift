import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Unfinished files and folders next to their targets. They are hidden and named after the process that writes them, so
/// that those left by a crash can be recognised.
package enum Leftovers {
    /// The path for an unfinished file or folder of this process.
    package static func own(_ prefix: String, in folder: URL) -> URL { folder.appending(path: "\(prefix)\(getpid())") }

    /// Removes those of processes that no longer run, and of this one.
    package static func remove(_ prefix: String, in folder: URL) {
        let path = folder.path(percentEncoded: false)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            // Something may follow the number, after a hyphen.
            guard name.hasPrefix(prefix), let process = Int32(name.dropFirst(prefix.count).prefix { $0 != "-" }),
                process > 0, process == getpid() || kill(process, 0) != 0 && errno == ESRCH
            else { continue }
            try? FileManager.default.removeItem(at: folder.appending(path: name))
        }
    }
}
