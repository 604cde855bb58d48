import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What `FileIO` throws. Enum cases with these names satisfy the requirements.
package protocol FileError: Error {
    static func cannotRead(path: String, reason: String) -> Self
    static func cannotWrite(path: String, reason: String) -> Self
    static func tooLarge(path: String, limit: Int) -> Self
}

/// Reads and writes small files so that no crash and no full disk leaves half of one.
///
/// Generic over the error, so that each caller throws its own typed error.
package enum FileIO<Failure: FileError> {
    /// The largest file that is read, in bytes.
    package static var sizeLimit: Int { 256 << 20 }

    /// The bytes of a regular file. Anything else (a pipe, a device, a folder) is refused without blocking.
    package static func read(_ path: String, limit: Int = sizeLimit) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: SystemError.reason(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .cannotRead(path: path, reason: SystemError.reason(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .cannotRead(path: path, reason: "not a regular file") }
        guard status.st_size <= limit else { throw .tooLarge(path: path, limit: limit) }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                Foundation.read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .cannotRead(path: path, reason: SystemError.reason(errno)) }
            if got == 0 { break }
            count += got
        }
        bytes.removeSubrange(count...)
        return bytes
    }

    /// The text of a file and the day on which it was changed ("2026-11-28"); nil if there is no such file.
    package static func datedText(_ path: String, limit: Int) throws(Failure) -> (text: String, day: String)? {
        guard exists(path) else { return nil }
        let bytes = try read(path, limit: limit)
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let changed = attributes?[.modificationDate] as? Date ?? Date()
        return (String(decoding: bytes, as: UTF8.self), changed.formatted(.iso8601.year().month().day()))
    }

    /// Replaces a file atomically: the new content is on disk under another name before it takes over the old name. On
    /// an error the old file is unchanged. Only the owner can read the file; missing folders above it are created.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
        close(try replaceKeepingOpen(path, with: bytes))
    }

    /// Like `replace`, and returns a descriptor of the new file.
    package static func replaceKeepingOpen(_ path: String, with bytes: [UInt8]) throws(Failure) -> Int32 {
        let (folder, name) = split(path)
        try makeFolder(folder)
        let temporary = "\(folder)/.\(name).\(getpid())-\(UInt32.random(in: 0...UInt32.max))\(temporarySuffix)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: SystemError.reason(errno)) }
        var failure = write(bytes, to: descriptor) ?? (fsync(descriptor) == 0 ? nil : errno)
        if failure == nil, rename(temporary, path) != 0 { failure = errno }
        if let failure {
            close(descriptor)
            unlink(temporary)
            throw .cannotWrite(path: path, reason: SystemError.reason(failure))
        }
        synchronize(folder: folder)
        return descriptor
    }

    /// Creates a file that only its owner can read. Returns false if a file of that name exists.
    package static func create(_ path: String, with bytes: [UInt8]) throws(Failure) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0, errno == EEXIST { return false }
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: SystemError.reason(errno)) }
        var failure = write(bytes, to: descriptor)
        if close(descriptor) != 0, failure == nil { failure = errno }
        if let failure {
            unlink(path)
            throw .cannotWrite(path: path, reason: SystemError.reason(failure))
        }
        return true
    }

    /// Appends to a file that only its owner can read, and creates it if necessary.
    package static func append(_ bytes: [UInt8], to path: String) throws(Failure) {
        try makeFolder(split(path).folder)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: SystemError.reason(errno)) }
        defer { close(descriptor) }
        if let failure = write(bytes, to: descriptor) {
            throw .cannotWrite(path: path, reason: SystemError.reason(failure))
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

    /// Moves a file within a file system and replaces what was at the target.
    package static func move(_ path: String, to target: String) throws(Failure) {
        guard rename(path, target) == 0 else { throw .cannotWrite(path: target, reason: SystemError.reason(errno)) }
        synchronize(folder: split(path).folder)
        synchronize(folder: split(target).folder)
    }

    package static func remove(_ path: String) throws(Failure) {
        guard unlink(path) == 0 else { throw .cannotWrite(path: path, reason: SystemError.reason(errno)) }
    }

    /// Creates a folder that only its owner can enter, and the folders above it.
    package static func makeFolder(_ path: String) throws(Failure) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { throw .cannotWrite(path: path, reason: "not a folder") }
            return
        }
        let parent = split(path).folder
        if parent != path, parent != "." { try makeFolder(parent) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .cannotWrite(path: path, reason: SystemError.reason(errno))
        }
    }

    /// Removes temporary files that a crash during `replace` left. Only for the holder of the file's lock.
    package static func removeTemporaryFiles(of path: String) {
        let (folder, name) = split(path)
        for file in entries(folder) where file.hasPrefix(".\(name).") && file.hasSuffix(temporarySuffix) {
            unlink("\(folder)/\(file)")
        }
    }

    /// The names in a folder; empty if it cannot be read.
    package static func entries(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static var temporarySuffix: String { ".tmp" }

    /// A rename is on disk only when its folder is. File systems that cannot flush a folder do not need it.
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
