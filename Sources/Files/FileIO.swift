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
        try read(path) { size throws(Failure) in
            guard size <= limit else { throw .tooLarge(path: path, limit: limit) }
            return 0
        }
    }

    /// The last bytes of a regular file, at most `limit` of them.
    package static func readEnd(of path: String, limit: Int) throws(Failure) -> [UInt8] {
        try read(path) { max(0, $0 - limit) }
    }

    /// - Parameter start: returns where to begin in a file of a size.
    private static func read(_ path: String, from start: (Int) throws(Failure) -> Int) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: SystemError.reason(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .cannotRead(path: path, reason: SystemError.reason(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .cannotRead(path: path, reason: "not a regular file") }
        let offset = try start(Int(status.st_size))
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size) - offset)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count, off_t(offset + count))
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
    /// an error the old file is unchanged. Only the owner can read the file; missing folders above it are created. A
    /// symbolic link remains one: the file that it leads to is replaced.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
        try StagedFile<Failure>(path, bytes).publish()
    }

    /// Creates a file that only its owner can read, in a folder that exists. Returns false if a file of that name exists.
    package static func create(_ path: String, with bytes: [UInt8]) throws(Failure) -> Bool {
        var status = stat()
        // A dangling link counts as existing too.
        guard lstat(path, &status) != 0 else { return false }
        guard exists(FileNames.split(path).folder) else {
            throw .cannotWrite(path: path, reason: SystemError.reason(ENOENT))
        }
        return try StagedFile<Failure>(path, bytes).publishIfAbsent()
    }

    /// Appends a line to a file that only its owner can read, and creates it if necessary. If the program ended in the
    /// middle of the last line, the new one does not continue it.
    package static func append(line: [UInt8], to path: String) throws(Failure) {
        try makeFolder(FileNames.split(path).folder)
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: SystemError.reason(errno)) }
        defer { close(descriptor) }
        let lineEnd = UInt8(ascii: "\n")
        var status = stat()
        var last = lineEnd
        if fstat(descriptor, &status) == 0, status.st_size > 0 { pread(descriptor, &last, 1, status.st_size - 1) }
        let bytes = (last == lineEnd ? [] : [lineEnd]) + line + [lineEnd]
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
        synchronize(folder: FileNames.split(path).folder)
        synchronize(folder: FileNames.split(target).folder)
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
        let parent = FileNames.split(path).folder
        if parent != path, parent != "." { try makeFolder(parent) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .cannotWrite(path: path, reason: SystemError.reason(errno))
        }
    }

    /// The names in a folder; empty if it cannot be read.
    package static func entries(_ folder: String) -> [String] { FileNames.all(in: folder) }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The file that a path leads to through symbolic links; it need not exist. Throws for anything but a file.
    package static func destination(of path: String) throws(Failure) -> String {
        var current = path
        var status = stat()
        for _ in 0..<linkLimit {
            guard lstat(current, &status) == 0 else { return current }
            switch status.st_mode & S_IFMT {
            case S_IFREG: return current
            case S_IFDIR: throw .cannotWrite(path: path, reason: "is a folder")
            case S_IFLNK: break
            default: throw .cannotWrite(path: path, reason: "not a regular file")
            }
            var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = bytes.withUnsafeMutableBytes {
                guard let start = $0.baseAddress else { return 0 }
                return readlink(current, start, $0.count)
            }
            guard count > 0 else { throw .cannotWrite(path: path, reason: SystemError.reason(errno)) }
            let next = String(decoding: bytes.prefix(count), as: UTF8.self)
            current = next.hasPrefix("/") ? next : "\(FileNames.split(current).folder)/\(next)"
        }
        throw .cannotWrite(path: path, reason: SystemError.reason(ELOOP))
    }

    /// As many as the system itself follows.
    private static var linkLimit: Int { 40 }

    /// A rename is on disk only when its folder is. File systems that cannot flush a folder do not need it.
    static func synchronize(folder: String) {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
