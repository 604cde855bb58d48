import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A private folder in the system's folder for temporary files.
package enum TemporaryFolder {
    /// Nobody else names folders like this: what begins with it is removed.
    private static let prefix = ".sotto-folder-"

    /// Runs `body` with a new folder that only its owner can enter, and deletes the folder with everything in it. Nil if it
    /// cannot be created.
    package static func with<Value>(_ body: (URL) throws -> Value) rethrows -> Value? {
        let parent = FileManager.default.temporaryDirectory
        let folder = parent.appending(path: "\(prefix)\(getpid())-\(UUID().uuidString)")
        guard mkdir(folder.path, 0o700) == 0 else { return nil }
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    /// Deletes the folders of processes that were killed.
    package static func removeLeftovers() { Leftovers.remove(prefix, in: FileManager.default.temporaryDirectory) }
}
