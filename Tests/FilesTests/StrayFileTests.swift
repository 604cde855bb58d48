import Files
import Foundation
import Testing

private enum Failure: Error, FileError {
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    case tooLarge(path: String, limit: Int)
}

private typealias IO = FileIO<Failure>

/// No process has such a number.
private let nobody = Int32.max

@Suite final class StrayFileTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID().uuidString)").path

    init() throws { try IO.makeFolder(folder) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func write(_ name: String) throws {
        try Data("x".utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    @Test func filesOfEndedProcessesAreFound() throws {
        for name in [".file.\(nobody)-34.tmp", ".other.\(getpid())-5.tmp", ".dat.nosync7FFFFFFF.aB3x9z"] {
            try write(name)
        }
        let found = StrayFile.all(in: folder)
        #expect(Set(found.map(\.target)) == ["file", "other", ""])
        #expect(StrayFile.all(of: "\(folder)/file").map(\.path) == ["\(folder)/.file.\(nobody)-34.tmp"])
        for stray in found { stray.remove() }
        #expect(IO.entries(folder).isEmpty)
    }

    @Test(arguments: ["file", ".file.tmp", ".file.1.tmp", ".file.a-1.tmp", ".file.1-x.tmp", "..1-2.tmp", ".dat.nosync"])
    func otherFilesAreNot(_ name: String) throws {
        try write(name)
        #expect(StrayFile.all(in: folder).isEmpty)
    }

    /// Its own process is the only one whose lock can be tested here; another one's works the same way.
    @Test func whatIsBeingWrittenIsNotAStray() throws {
        let staged = try StagedFile<Failure>("\(folder)/file", [1])
        #expect(IO.entries(folder).count == 1)
        #expect(StrayFile.all(in: folder).isEmpty)
        try staged.publish()
        #expect(IO.entries(folder) == ["file"])
    }

    /// Its process may be about to lock it.
    @Test func aNewFileOfARunningProcessIsNotAStray() throws {
        try write(".file.1-2.tmp")
        #expect(StrayFile.all(in: folder).isEmpty)
        utimes("\(folder)/.file.1-2.tmp", [timeval(tv_sec: 9, tv_usec: 0), timeval(tv_sec: 9, tv_usec: 0)])
        #expect(StrayFile.all(in: folder).count == 1)
    }

    @Test func whatIsNotPublishedIsRemoved() throws {
        do { _ = try StagedFile<Failure>("\(folder)/file", [1]) }
        #expect(IO.entries(folder).isEmpty)
    }
}

@Suite struct FileLockTests {
    /// Only EWOULDBLOCK says that somebody has the lock; network file systems answer with all kinds of errors.
    @Test(arguments: [ENOLCK, ENOTSUP, ENOSYS, EINVAL, EBADF])
    func otherErrorsMeanNoLocks(_ code: Int32) {
        let outcome = FileLocks { _ in code }.take(0)
        #expect(outcome == .unsupported(SystemError.reason(code)))
    }

    @Test func aHeldLockIsHeld() {
        #expect(FileLocks { _ in EWOULDBLOCK }.take(0) == .held)
        #expect(FileLocks { _ in 0 }.take(0) == .taken)
    }
}
