#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is written under a temporary name first, so that an incomplete model never has the final name.
struct OutputFile {
    let path: String

    /// Throws if `path` is the file `source` itself, or exists and must not be replaced.
    init(_ path: String, source: String? = nil, overwriting: Bool) throws(QuantizationError) {
        self.path = path
        var old = stat()
        guard stat(path, &old) == 0 else { return }
        var read = stat()
        if let source, stat(source, &read) == 0, read.st_dev == old.st_dev, read.st_ino == old.st_ino {
            throw .sameFile(path: path)
        }
        if !overwriting { throw .exists(path: path) }
    }

    /// Calls `body` to write the file under a temporary name in the same folder, then renames it.
    func write(_ body: (_ unfinished: String) throws -> Void) throws {
        let unfinished = path + ".unfinished"
        try body(unfinished)
        guard rename(unfinished, path) == 0 else {
            let message = String(cString: strerror(errno))
            remove(unfinished)
            throw QuantizationError.system(path: path, message: "cannot be written: \(message)")
        }
    }
}
