import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A temporary file that nobody is writing any more: its process ended before it could give the file its name.
package struct StrayFile: Sendable {
    package let path: String
    /// The name of the file that it was to become.
    package let target: String

    /// The stray files in a folder.
    package static func all(in folder: String) -> [StrayFile] {
        FileNames.all(in: folder).compactMap { text in
            guard let name = TemporaryName(parsing: text) else { return nil }
            let path = "\(folder)/\(text)"
            return isHeld(path, by: name.process) ? nil : StrayFile(path: path, target: name.target)
        }
    }

    /// Those that were to become one file.
    package static func all(of path: String) -> [StrayFile] {
        let (folder, name) = FileNames.split(path)
        return all(in: folder).filter { $0.target == name }
    }

    package func remove() { unlink(path) }

    /// Completes what its process began: the content takes over the name of the file. Returns whether it did.
    package func publish(as path: String) -> Bool {
        let descriptor = open(self.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0 && rename(self.path, path) == 0
    }

    /// A file is locked while it is written. Where there are no locks, it counts as held while a process of its number
    /// runs.
    private static func isHeld(_ path: String, by process: Int32) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        switch FileLocks.system.take(descriptor) {
        case .held: return true
        case .unsupported: return isRunning(process)
        // Its process may just be about to take the lock. In a container, every run may have this process's number.
        case .taken: return process != getpid() && isRunning(process) && isRecent(descriptor)
        }
    }

    private static func isRunning(_ process: Int32) -> Bool { kill(process, 0) == 0 || errno == EPERM }

    /// Whether a file was changed within the last minute.
    private static func isRecent(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && (0..<60).contains(time(nil) - FileVersion(status).seconds)
    }
}
