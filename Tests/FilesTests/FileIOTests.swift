import Files
import Foundation
import Testing

private enum Failure: Error, Equatable, FileError {
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    case tooLarge(path: String, limit: Int)
}

private typealias IO = FileIO<Failure>

@Suite final class FileIOTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func replaceCreatesFoldersAndLeavesNoTemporaryFile() throws {
        let path = "\(folder)/a/b/file"
        try IO.replace(path, with: [1, 2])
        try IO.replace(path, with: [3])
        #expect(try IO.read(path) == [3])
        #expect(IO.entries("\(folder)/a/b") == ["file"])
        #expect(try mode(path) == 0o600)
        #expect(try mode("\(folder)/a") == 0o700)
    }

    /// A folder cannot be replaced by a file: the error is typed, and no temporary file is left.
    @Test func aFailedReplaceChangesNothing() throws {
        try IO.makeFolder("\(folder)/target/inner")
        #expect(throws: Failure.self) { try IO.replace("\(folder)/target", with: [1]) }
        #expect(IO.entries(folder) == ["target"])
        try IO.replace("\(folder)/file", with: [])
        #expect(throws: Failure.cannotWrite(path: "\(folder)/file", reason: "not a folder")) {
            try IO.replace("\(folder)/file/inner", with: [1])
        }
    }

    @Test func createDoesNotOverwrite() throws {
        try IO.makeFolder(folder)
        #expect(try IO.create("\(folder)/new", with: [1]))
        #expect(try !IO.create("\(folder)/new", with: [2]))
        #expect(try IO.read("\(folder)/new") == [1])
    }

    @Test func appendCreatesTheFileAndNeverContinuesABrokenLine() throws {
        let log = "\(folder)/log"
        try IO.append(line: [1], to: log)
        try IO.append(line: [2, 3], to: log)
        #expect(try IO.read(log) == [1, 10, 2, 3, 10])
        #expect(try mode(log) == 0o600)
        try IO.replace(log, with: [1, 10, 2])
        try IO.append(line: [4], to: log)
        #expect(try IO.read(log) == [1, 10, 2, 10, 4, 10])
    }

    @Test func theEndOfAFileIsRead() throws {
        try IO.replace("\(folder)/file", with: [1, 2, 3])
        #expect(try IO.readEnd(of: "\(folder)/file", limit: 2) == [2, 3])
        #expect(try IO.readEnd(of: "\(folder)/file", limit: 9) == [1, 2, 3])
    }

    @Test func onlyRegularFilesWithinTheLimitAreRead() throws {
        try IO.replace("\(folder)/file", with: [1, 2, 3])
        #expect(throws: Failure.tooLarge(path: "\(folder)/file", limit: 2)) {
            try IO.read("\(folder)/file", limit: 2)
        }
        mkfifo("\(folder)/pipe", 0o600)
        #expect(throws: Failure.cannotRead(path: "\(folder)/pipe", reason: "not a regular file")) {
            try IO.read("\(folder)/pipe")
        }
        #expect(throws: Failure.cannotRead(path: "\(folder)/none", reason: "no such file or folder")) {
            try IO.read("\(folder)/none")
        }
    }

    /// A link stays a link, the file that it leads to is replaced, and no temporary file is left next to either.
    @Test func replaceWritesThroughLinks() throws {
        try IO.replace("\(folder)/real/file", with: [1])
        try IO.makeFolder("\(folder)/links")
        for (name, target) in [("a", "../real/file"), ("b", "a"), ("new", "\(folder)/real/new")] {
            symlink(target, "\(folder)/links/\(name)")
        }
        try IO.replace("\(folder)/links/b", with: [2])
        try IO.replace("\(folder)/links/new", with: [3])
        #expect(try IO.read("\(folder)/real/file") == [2])
        #expect(try IO.read("\(folder)/real/new") == [3])
        for name in ["a", "b", "new"] {
            #expect(throws: Never.self) {
                try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/links/\(name)")
            }
        }
        #expect(IO.entries("\(folder)/links").count == 3)
        #expect(IO.entries("\(folder)/real").count == 2)
    }

    /// Preferences that are a link to /dev/null must not replace that device.
    @Test func onlyRegularFilesAreReplaced() throws {
        try IO.makeFolder(folder)
        symlink("/dev/null", "\(folder)/null")
        mkfifo("\(folder)/pipe", 0o600)
        symlink("loop", "\(folder)/loop")
        for name in ["null", "pipe"] {
            let path = "\(folder)/\(name)"
            #expect(throws: Failure.cannotWrite(path: path, reason: "not a regular file")) {
                try IO.replace(path, with: [1])
            }
        }
        #expect(throws: Failure.self) { try IO.replace("\(folder)/loop", with: [1]) }
        #expect(IO.entries(folder).sorted() == ["loop", "null", "pipe"])
    }
}

/// An actor that records the order in which its calls run.
private actor Recorder {
    private let disk = DiskQueue(label: "test")
    nonisolated var unownedExecutor: UnownedSerialExecutor { disk.asUnownedSerialExecutor() }
    private(set) var numbers: [Int] = []

    func append(_ number: Int) {
        dispatchPrecondition(condition: .onQueue(disk.queue))
        numbers.append(number)
    }
}

@Suite struct DiskQueueTests {
    @Test func anActorRunsOnItsQueueInOrder() async {
        let recorder = Recorder()
        for number in 0..<50 { await recorder.append(number) }
        #expect(await recorder.numbers == Array(0..<50))
    }

    @Test func readingReturnsItsValue() async {
        #expect(await DiskQueue.read { 7 } == 7)
    }
}
