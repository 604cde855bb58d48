import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Unfinished files and folders beside what they will become: hidden, with the number of the process that makes them in
/// their names, so that what a crash left behind can be told from what is still being made.
enum Leftovers {
    /// Where this process may put what is unfinished.
    static func own(_ prefix: String, in folder: URL) -> URL { folder.appending(path: "\(prefix)\(getpid())") }

    /// Removes those of programs that no longer run, and of this one.
    static func remove(_ prefix: String, in folder: URL) {
        let path = folder.path(percentEncoded: false)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            guard name.hasPrefix(prefix), let process = Int32(name.dropFirst(prefix.count)), process > 0,
                process == getpid() || kill(process, 0) != 0 && errno == ESRCH
            else { continue }
            try? FileManager.default.removeItem(at: folder.appending(path: name))
        }
    }
}
