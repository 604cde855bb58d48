import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A model file that is written under a temporary name first, so that an incomplete model never has the final name.
public struct OutputFile: Sendable {
    /// The file, after symbolic links: those remain links.
    private let path: String
    /// Next to it.
    private let unfinished: String

    /// Throws before any work if the file cannot be written: if `path` is the file `source` itself, is not a regular
    /// file, exists and must not be replaced, or if its folder does not exist or is not writable.
    public init(_ path: String, source: String? = nil, overwriting: Bool) throws(QuantizationError) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw .notAFile(path: path, isFolder: status.st_mode & S_IFMT == S_IFDIR)
            }
            var read = stat()
            if let source, stat(source, &read) == 0, read.st_dev == status.st_dev, read.st_ino == status.st_ino {
                throw .sameFile(path: path)
            }
            if !overwriting { throw .exists(path: path) }
        }
        self.path = try FileIO<QuantizationError>.destination(of: path)
        let (folder, name) = FileNames.split(self.path)
        unfinished = "\(folder)/\(TemporaryName(for: name).text)"
        guard access(folder, W_OK) == 0 else { throw cannotWrite(errno) }
    }

    /// Calls `body` to write the file under a temporary name in the same folder, then gives it its own. What an earlier
    /// run left there, when it was killed, is removed.
    func write(_ body: (_ unfinished: String) throws -> Void) throws {
        for stray in StrayFile.all(of: path) { stray.remove() }
        do {
            try body(unfinished)
            try publish()
        } catch {
            discard()
            throw error
        }
    }

    /// Removes what has been written so far. May be called while it is being written, if the program then ends.
    public func discard() { unlink(unfinished) }

    private func publish() throws(QuantizationError) {
        let descriptor = open(unfinished, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw cannotWrite(errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0, rename(unfinished, path) == 0 else { throw cannotWrite(errno) }
    }

    private func cannotWrite(_ code: Int32) -> QuantizationError {
        .cannotWrite(path: path, reason: SystemError.reason(code))
    }
}

extension QuantizationError: FileError {}
