import Chat
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A copy of a large file, which has its name when it is whole and not before. Nothing that is there is overwritten.
struct FileCopy {
    private let source: String
    private let target: String

    private static let prefix = ".copy-"
    private static let blockBytes = 4 << 20

    init(from source: String, to target: String) {
        self.source = source
        self.target = target
    }

    /// Copies, and returns once all of it is on disk.
    func run(cancellation: Cancellation, progress: (Double) -> Void) throws {
        var status = stat()
        // A link that leads nowhere is something, too.
        guard lstat(target, &status) != 0 else { throw ModelFileError.exists(target) }
        let input = open(source, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard input >= 0 else { throw ModelFileError.cannotRead(source, reason: Self.reason) }
        defer { close(input) }
        guard fstat(input, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ModelFileError.cannotRead(source, reason: "it is not a file")
        }

        let folder = URL(filePath: target).deletingLastPathComponent()
        Leftovers.remove(Self.prefix, in: folder)
        let unfinished = Leftovers.own(Self.prefix, in: folder).path(percentEncoded: false)
        let output = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard output >= 0 else { throw ModelFileError.cannotWrite(target, reason: Self.reason) }
        do {
            defer { close(output) }
            try copy(input, to: output, byteCount: Int(status.st_size), cancellation, progress)
            guard fsync(output) == 0 else { throw ModelFileError.cannotWrite(target, reason: Self.reason) }
            try takeName(unfinished)
        } catch {
            unlink(unfinished)
            throw error
        }
    }

    private func copy(
        _ input: Int32, to output: Int32, byteCount: Int, _ cancellation: Cancellation, _ progress: (Double) -> Void
    ) throws {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockBytes, alignment: 16)
        defer { block.deallocate() }
        var copied = 0
        while true {
            if cancellation.isCancelled { throw CancellationError() }
            let count = read(input, block.baseAddress, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ModelFileError.cannotRead(source, reason: Self.reason) }
            if count == 0 { return }
            try write(UnsafeRawBufferPointer(rebasing: block[..<count]), to: output)
            copied += count
            progress(min(1, Double(copied) / Double(max(1, byteCount))))
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to output: Int32) throws(ModelFileError) {
        var written = 0
        while written < bytes.count {
            let count = Foundation.write(output, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .cannotWrite(target, reason: Self.reason) }
            written += count
        }
    }

    /// Renaming would replace what has come there meanwhile: so the name is taken first, which only one can do.
    private func takeName(_ unfinished: String) throws(ModelFileError) {
        let place = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard place >= 0 else { throw errno == EEXIST ? .exists(target) : .cannotWrite(target, reason: Self.reason) }
        close(place)
        guard rename(unfinished, target) == 0 else {
            let reason = Self.reason
            unlink(target)
            throw .cannotWrite(target, reason: reason)
        }
    }

    /// What the system says about the call that has just failed.
    private static var reason: String { String(cString: strerror(errno)).lowercased() }
}
