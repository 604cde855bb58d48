import Foundation

/// Keeps a session to one program at a time, by a lock file that names the holder's process.
///
/// The lock itself is the system's (`flock`), which ends with its holder, however that dies: a file left behind by a
/// crash holds nothing and is taken over.
final class SessionLock: Sendable {
    private let path: String
    private let descriptor: Int32

    enum Failure: Error {
        case heldBy(process: Int32)
        case notPermitted(String)
    }

    /// Takes the lock or says who has it. Held until the object goes.
    init(path: String) throws(Failure) {
        self.path = path
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
            guard descriptor >= 0 else { throw .notPermitted(SessionError.reason(errno)) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let holder = Self.holder(descriptor)
                close(descriptor)
                throw .heldBy(process: holder)
            }
            // The holder before us may have removed the file between our opening and our locking it.
            if Self.isSame(descriptor, path) {
                self.descriptor = descriptor
                break
            }
            close(descriptor)
        }
        ftruncate(descriptor, 0)
        // The number is for people; the lock holds without it.
        _ = FileAccess.write(Array("\(getpid())\n".utf8), to: descriptor)
    }

    deinit {
        unlink(path)
        close(descriptor)
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
