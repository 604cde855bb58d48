import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The new content of a file, in the file system under a temporary name until it takes over the file's own.
///
/// From the beginning it survives the end of the program, because the file that a crash leaves can be found
/// (`StrayFile`); once published, it survives a crash of the machine too. Only the owner can read it. It is locked, so
/// that it is not mistaken for one that a crash left. What is not published is removed with the object.
package final class StagedFile<Failure: FileError>: Sendable {
    /// The file as it was named; it may be a symbolic link.
    package let path: String
    /// The file that will be replaced.
    package let target: String
    private let temporary: String
    private let descriptor: Int32
    private let isPending = Mutex(true)

    /// Writes the content without waiting for the disk. Missing folders above the file are created. Symbolic links are
    /// followed, so that they remain links.
    package init(_ path: String, _ bytes: [UInt8]) throws(Failure) {
        self.path = path
        target = try FileIO<Failure>.destination(of: path)
        let (folder, name) = FileNames.split(target)
        try FileIO<Failure>.makeFolder(folder)
        temporary = "\(folder)/\(TemporaryName(for: name).text)"
        let opened = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else { throw .cannotWrite(path: path, reason: SystemError.reason(errno)) }
        descriptor = opened
        // Without locks, the process number in the name has to do.
        _ = FileLocks.system.take(descriptor)
        if let failure = FileIO<Failure>.write(bytes, to: descriptor) { throw cannotWrite(failure) }
    }

    /// Replaces the file. On an error the old file is unchanged.
    package func publish() throws(Failure) {
        guard fsync(descriptor) == 0, rename(temporary, target) == 0 else { throw cannotWrite(errno) }
        isPending.withLock { $0 = false }
        FileIO<Failure>.synchronize(folder: FileNames.split(target).folder)
    }

    /// Creates the file. Returns false if there is one already.
    package func publishIfAbsent() throws(Failure) -> Bool {
        // A rename alone would replace a file that was created in the meantime.
        let placeholder = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if placeholder < 0, errno == EEXIST { return false }
        guard placeholder >= 0 else { throw cannotWrite(errno) }
        close(placeholder)
        do {
            try publish()
        } catch {
            unlink(target)
            throw error
        }
        return true
    }

    /// Facts about the file, as `stat` returns them.
    package var status: stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    deinit {
        if isPending.withLock({ $0 }) { unlink(temporary) }
        close(descriptor)
    }

    private func cannotWrite(_ code: Int32) -> Failure {
        .cannotWrite(path: path, reason: SystemError.reason(code))
    }
}
