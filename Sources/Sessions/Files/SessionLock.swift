import Files
import Foundation

/// Ensures that only one program at a time has a session open, with a lock file that names its process.
///
/// The lock itself is a system lock (`flock`), which ends with its process, even if that crashes: a lock file left by a
/// crash is not locked and is reused.
final class SessionLock: Sendable {
    private let path: String
    private let descriptor: Int32
    /// Why the file system has no locks; nil if it has.
    let unsupported: String?

    enum Failure: Error {
        case heldBy(process: Int32)
        case notPermitted(String)
    }

    /// Takes the lock, or throws the process that has it. The lock is held as long as this object. Where the file system
    /// has no locks, nothing shows whether another program has the session open, so it counts as free.
    init(path: String, locks: FileLocks) throws(Failure) {
        self.path = path
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
            guard descriptor >= 0 else { throw .notPermitted(SystemError.reason(errno)) }
            let outcome = locks.take(descriptor)
            guard outcome != .held else {
                let holder = Self.holder(descriptor)
                close(descriptor)
                throw .heldBy(process: holder)
            }
            // The previous holder may have removed the file after this process opened it and before it was locked.
            if Self.isSame(descriptor, path) {
                self.descriptor = descriptor
                if case .unsupported(let reason) = outcome { unsupported = reason } else { unsupported = nil }
                break
            }
            close(descriptor)
        }
        ftruncate(descriptor, 0)
        // The process number is only for messages; the lock does not depend on it.
        _ = FileAccess.write(Array("\(getpid())\n".utf8), to: descriptor)
    }

    deinit {
        unlink(path)
        close(descriptor)
    }

    /// Removes a lock file that a crash left.
    static func removeStray(_ path: String, locks: FileLocks) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        switch locks.take(descriptor) {
        case .held: return
        case .taken: break
        case .unsupported:
            let process = holder(descriptor)
            if process > 0, kill(process, 0) == 0 || errno == EPERM { return }
        }
        if isSame(descriptor, path) { unlink(path) }
    }

    private static func holder(_ descriptor: Int32) -> Int32 {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = max(0, bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) })
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        return Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
        var open = stat()
        var named = stat()
        return fstat(descriptor, &open) == 0 && stat(path, &named) == 0
            && open.st_ino == named.st_ino && open.st_dev == named.st_dev
    }
}
