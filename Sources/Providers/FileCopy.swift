import Chat
import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Copies a large file. The target appears only when it is complete, and an existing file is not overwritten.
struct FileCopy {
    private let source: String
    private let target: String

    static let prefix = ".copy-"
    private static let blockBytes = 4 << 20

    init(from source: String, to target: String) {
        self.source = source
        self.target = target
    }

    /// Copies several files, or none of them if one fails.
    static func run(_ copies: [FileCopy], cancellation: Cancellation, progress: (Double) -> Void) throws {
        for (index, copy) in copies.enumerated() {
            do {
                try copy.run(cancellation: cancellation) { progress((Double(index) + $0) / Double(copies.count)) }
            } catch {
                for done in copies[..<index] { unlink(done.target) }
                throw error
            }
        }
    }

    /// Returns once the whole copy is on disk.
    func run(cancellation: Cancellation, progress: (Double) -> Void) throws {
        var status = stat()
        // A dangling link counts as existing too.
        guard lstat(target, &status) != 0 else { throw ModelFileError.exists(target) }
        let input = open(source, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard input >= 0 else { throw cannotRead(SystemError.reason(errno)) }
        defer { close(input) }
        guard fstat(input, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw cannotRead("not a regular file")
        }

        let folder = URL(filePath: target).deletingLastPathComponent()
        Leftovers.remove(Self.prefix, in: folder)
        let unfinished = Leftovers.own(Self.prefix, in: folder).path(percentEncoded: false)
        let output = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard output >= 0 else { throw cannotWrite(errno) }
        do {
            defer { close(output) }
            try copy(input, to: output, byteCount: Int(status.st_size), cancellation, progress)
            guard fsync(output) == 0 else { throw cannotWrite(errno) }
            try publish(unfinished)
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
            guard count >= 0 else { throw cannotRead(SystemError.reason(errno)) }
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
            guard count > 0 else { throw cannotWrite(errno) }
            written += count
        }
    }

    /// Gives the finished copy its name. A rename alone would replace a file created there in the meantime, so this
    /// creates an empty file of that name first, which fails if there is one.
    private func publish(_ unfinished: String) throws(ModelFileError) {
        let placeholder = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard placeholder >= 0 else { throw errno == EEXIST ? .exists(target) : cannotWrite(errno) }
        close(placeholder)
        guard rename(unfinished, target) == 0 else {
            let error = cannotWrite(errno)
            unlink(target)
            throw error
        }
    }

    private func cannotRead(_ reason: String) -> ModelFileError { .cannotRead(path: source, reason: reason) }

    private func cannotWrite(_ code: Int32) -> ModelFileError {
        .cannotWrite(path: target, reason: SystemError.reason(code))
    }
}
