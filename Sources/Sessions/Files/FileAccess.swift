import Foundation

/// Whole files, read and written so that no crash or full disk leaves half of one.
package enum FileAccess {
    /// Larger files are not sessions.
    static let sizeLimit = 256 << 20

    /// The bytes of a regular file. Anything else that may lie there (a pipe, a device, a folder) is refused without
    /// waiting.
    package static func read(_ path: String) throws(SessionError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: SessionError.reason(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: SessionError.reason(errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .cannotRead(path: path, reason: "it is not a file") }
        guard status.st_size <= sizeLimit else { throw .tooLarge(path: path, limit: sizeLimit) }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                Foundation.read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .cannotRead(path: path, reason: SessionError.reason(errno)) }
            if got == 0 { break }
            count += got
        }
        bytes.removeSubrange(count...)
        return bytes
    }

    /// Replaces the file at once: its new content is on disk under another name before it takes the old one's place. On
    /// an error the old file stands.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(SessionError) {
        close(try replaceKeepingOpen(path, with: bytes))
    }

    /// The same, and returns a descriptor of the new file.
    static func replaceKeepingOpen(_ path: String, with bytes: [UInt8]) throws(SessionError) -> Int32 {
        let (folder, name) = split(path)
        let temporary = "\(folder)/.\(name).\(getpid())-\(UInt32.random(in: 0...UInt32.max))\(temporarySuffix)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: SessionError.reason(errno)) }
        var failure = write(bytes, to: descriptor) ?? (fsync(descriptor) == 0 ? nil : errno)
        if failure == nil, rename(temporary, path) != 0 { failure = errno }
        if let failure {
            close(descriptor)
            unlink(temporary)
            throw .cannotWrite(path: path, reason: SessionError.reason(failure))
        }
        synchronize(folder: folder)
        return descriptor
    }

    /// Writes a file that is not there yet, for its owner alone. False where there is one of that name.
    static func create(_ path: String, with bytes: [UInt8]) throws(SessionError) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0, errno == EEXIST { return false }
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: SessionError.reason(errno)) }
        var failure = write(bytes, to: descriptor)
        if close(descriptor) != 0, failure == nil { failure = errno }
        if let failure {
            unlink(path)
            throw .cannotWrite(path: path, reason: SessionError.reason(failure))
        }
        return true
    }

    /// Adds bytes at the end of a file that its owner alone can read; it is made where it is not there.
    package static func append(_ bytes: [UInt8], to path: String) throws(SessionError) {
        try makeFolder(split(path).folder)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: SessionError.reason(errno)) }
        defer { close(descriptor) }
        if let failure = write(bytes, to: descriptor) {
            throw .cannotWrite(path: path, reason: SessionError.reason(failure))
        }
    }

    /// Writes all of the bytes. Returns the error number of a failure.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : EIO }
            written += count
        }
        return nil
    }

    /// Moves a file within a disk; what stood at the target is replaced.
    static func move(_ path: String, to target: String) throws(SessionError) {
        guard rename(path, target) == 0 else { throw .cannotWrite(path: target, reason: SessionError.reason(errno)) }
        synchronize(folder: split(path).folder)
        synchronize(folder: split(target).folder)
    }

    /// Makes a folder that its owner alone can enter, with those above it.
    static func makeFolder(_ path: String) throws(SessionError) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw .cannotWrite(path: path, reason: "it is not a folder")
            }
            return
        }
        let parent = split(path).folder
        if parent != path, parent != "." { try makeFolder(parent) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .cannotWrite(path: path, reason: SessionError.reason(errno))
        }
    }

    /// Removes what a crash left of a `replace` of this file. Only for the holder of its lock.
    static func removeStrays(of path: String) {
        let (folder, name) = split(path)
        for stray in entries(folder) where stray.hasPrefix(".\(name).") && stray.hasSuffix(temporarySuffix) {
            unlink("\(folder)/\(stray)")
        }
    }

    /// The names in a folder; none where it cannot be read.
    static func entries(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static let temporarySuffix = ".tmp"

    /// A rename is on disk only when its folder is. File systems that cannot flush a folder do it by themselves.
    private static func synchronize(folder: String) {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...]))
    }
}
