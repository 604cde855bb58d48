import Chat
import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Decides whether bytes on the disk are those of a file.
struct FileVerifier: Sendable {
    let file: RemoteFile
    let cancellation: Cancellation
    /// Called before gigabytes may be read.
    let checking: @Sendable () -> Void

    private static let magic = Array("GGUF".utf8)

    /// Whether the complete file is here already. Without a checksum its length decides.
    ///
    /// - Throws: `.exists` for another file that is not to be replaced.
    func isComplete(_ path: String) async throws(PullError) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            // A dangling link is no file of ours either.
            guard errno != ENOENT, file.keepsOther else { return false }
            throw .exists(path: path)
        }
        defer { close(descriptor) }
        var status = stat()
        let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        let hasLength = isRegular && file.bytes.map { Int(status.st_size) == $0 } ?? (file.sha256 != nil)
        if hasLength {
            guard let sha256 = file.sha256 else { return true }
            var hash = try await hash { receive throws(PullError) in
                try PartialFile.read(descriptor, path: path, receive)
            }
            if hash.finish() == sha256 { return true }
        }
        guard !file.keepsOther else { throw .exists(path: path) }
        return false
    }

    /// Prepares a partial file for the next try, and empties it if it is a part of something else.
    ///
    /// - Returns: the hash of what is in it then.
    func resumed(_ partial: PartialFile) async throws(PullError) -> SHA256 {
        guard partial.count > 0 else { return SHA256() }
        let fits = partial.count <= file.bytes ?? Int.max
        guard fits, partial.notes?.describe(file) == true, try begins(partial) else {
            try partial.clear()
            return SHA256()
        }
        guard file.sha256 != nil else { return SHA256() }
        return try await hash { receive throws(PullError) in try partial.read(receive) }
    }

    private func begins(_ partial: PartialFile) throws(PullError) -> Bool {
        guard file.isGGUF else { return true }
        var isModel = false
        _ = try partial.read { block in
            isModel = zip(block, Self.magic).allSatisfy { $0 == $1 }
            return false
        }
        return isModel
    }

    /// Whether what has arrived is the whole file, by its checksum if there is one.
    ///
    /// - Throws: `.notAModel` for a file that is too short for any model.
    func isRight(_ hash: SHA256, count: Int) throws(PullError) -> Bool {
        guard !file.isGGUF || count >= Self.magic.count else { throw .notAModel(host: file.host, isWebPage: false) }
        guard let sha256 = file.sha256 else { return true }
        var hash = hash
        return hash.finish() == sha256
    }

    // MARK: Reading

    /// Hands over blocks in order until it gets false, and returns false then.
    private typealias Reader = @Sendable ((UnsafeRawBufferPointer) -> Bool) throws(PullError) -> Bool

    /// Reads on another thread than those that all tasks share.
    private func hash(_ read: @escaping Reader) async throws(PullError) -> SHA256 {
        checking()
        let result: Result<SHA256, PullError> = await DiskQueue.read { [cancellation] in
            Result { () throws(PullError) in
                var hash = SHA256()
                let isWhole = try read { block in
                    hash.update(block)
                    return !cancellation.isCancelled
                }
                guard isWhole else { throw .cancelled }
                return hash
            }
        }
        return try result.get()
    }
}
