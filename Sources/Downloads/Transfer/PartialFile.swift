import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The part of a file that has arrived: hidden, next to the place of the complete file, and locked as long as this object
/// exists. The lock ends with its process, even if that crashes.
///
/// Unchecked because a download uses it from one thread at a time: the request's own, and its caller's before and after.
final class PartialFile: @unchecked Sendable {
    /// The complete file.
    let target: String
    private let path: String
    private let notesPath: String
    /// The models folder. Folders below it are removed again if nothing is in them.
    private let root: String
    private let descriptor: Int32
    /// Bytes that have arrived.
    private(set) var count: Int

    /// - Parameters:
    ///   - root: the models folder.
    ///   - path: of the complete file, below that folder.
    /// - Throws: `.busy` if another process, or another download of this one, has it.
    init(root: String, path relative: String) throws(PullError) {
        let (folder, name) = Self.split("\(root)/\(relative)")
        try FileIO<PullError>.makeFolder(folder)
        target = "\(folder)/\(name)"
        path = "\(folder)/\(Self.prefix)\(name)"
        notesPath = "\(path).json"
        self.root = root
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
            guard descriptor >= 0 else { throw .cannotWrite(path: folder, reason: SystemError.reason(errno)) }
            guard FileLocks.system.take(descriptor) != .held else {
                close(descriptor)
                throw .busy(file: name)
            }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                close(descriptor)
                throw .cannotWrite(path: path, reason: "not a regular file")
            }
            // The last holder may have moved or removed the file after it was opened here and before it was locked.
            if Self.leads(path, to: status) {
                self.descriptor = descriptor
                count = Int(status.st_size)
                return
            }
            close(descriptor)
        }
    }

    deinit { close(descriptor) }

    private static let prefix = ".pull-"

    /// Bytes of a file that are here from earlier tries: all of them if the complete file seems to be here. Locks and
    /// changes nothing.
    static func presentBytes(of file: RemoteFile, in root: String) -> Int {
        let (folder, name) = split("\(root)/\(file.path)")
        var status = stat()
        if let bytes = file.bytes, stat("\(folder)/\(name)", &status) == 0, status.st_size == bytes { return bytes }
        let partial = "\(folder)/\(prefix)\(name)"
        guard stat(partial, &status) == 0, PartialNotes(file: "\(partial).json")?.describe(file) == true else {
            return 0
        }
        return min(Int(status.st_size), file.bytes ?? Int.max)
    }

    // MARK: Content

    var notes: PartialNotes? { PartialNotes(file: notesPath) }

    func save(_ notes: PartialNotes) throws(PullError) { try notes.save(to: notesPath) }

    /// Forgets everything that has arrived.
    func clear() throws(PullError) {
        unlink(notesPath)
        guard ftruncate(descriptor, 0) == 0 else { throw cannotWrite(errno) }
        count = 0
    }

    func append(_ bytes: [UInt8]) throws(PullError) {
        guard lseek(descriptor, off_t(count), SEEK_SET) >= 0 else { throw cannotWrite(errno) }
        if let failure = FileIO<PullError>.write(bytes, to: descriptor) {
            // Half of a piece may be there.
            ftruncate(descriptor, off_t(count))
            throw cannotWrite(failure)
        }
        count += bytes.count
    }

    /// Reads all bytes in order, in blocks. Returns false if `receive` ended it.
    func read(_ receive: (UnsafeRawBufferPointer) -> Bool) throws(PullError) -> Bool {
        try Self.read(descriptor, path: path, receive)
    }

    /// Gives the complete file its name, and replaces what had it.
    func publish() throws(PullError) {
        guard fsync(descriptor) == 0 else { throw cannotWrite(errno) }
        try FileIO<PullError>.move(path, to: target)
        unlink(notesPath)
    }

    /// Removes everything, and folders that are empty then.
    func discard() {
        unlink(path)
        unlink(notesPath)
        var folder = Self.split(path).folder
        while folder.hasPrefix("\(root)/"), rmdir(folder) == 0 { folder = Self.split(folder).folder }
    }

    private func cannotWrite(_ code: Int32) -> PullError {
        let folder = Self.split(path).folder
        return code == ENOSPC || code == EDQUOT
            ? .diskFull(folder: folder) : .cannotWrite(path: folder, reason: SystemError.reason(code))
    }

    // MARK: Files

    private static let blockBytes = 1 << 20

    /// Reads a regular file in order, in blocks. Returns false if `receive` ended it.
    static func read(
        _ descriptor: Int32, path: String, _ receive: (UnsafeRawBufferPointer) -> Bool
    ) throws(PullError) -> Bool {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 16)
        defer { block.deallocate() }
        var offset = 0
        while true {
            let count = pread(descriptor, block.baseAddress, block.count, off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .cannotRead(path: path, reason: SystemError.reason(errno)) }
            if count == 0 { return true }
            guard receive(UnsafeRawBufferPointer(rebasing: block[..<count])) else { return false }
            offset += count
        }
    }

    private static func leads(_ path: String, to file: stat) -> Bool {
        var named = stat()
        return lstat(path, &named) == 0 && named.st_ino == file.st_ino && named.st_dev == file.st_dev
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }
}
