import Chat
import Files
import Foundation
import JSON
import Sessions
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

private let smallDisk = ProcessInfo.processInfo.environment["SOTTO_TEST_SMALL_DISK"]

@Suite struct SessionStoreTests {
    let folder: TemporaryFolder
    let store: SessionStore

    init() throws {
        folder = try TemporaryFolder()
        store = SessionStore(folder: "\(folder.path)/home/sessions")
    }

    private func text(_ id: SessionID) throws -> String { try folder.text("home/sessions/\(id).json") }

    @Test func filesArePrivate() throws {
        let session = try store.create(sample())
        var record = session.record
        record.title = "Changed"
        try session.save(record, at: noon)
        #expect(try folder.mode("home/sessions/sample.json") == 0o600)
        #expect(try folder.mode("home/sessions/sample.lock") == 0o600)
        #expect(try folder.mode("home/sessions") == 0o700)
        #expect(try folder.mode("home") == 0o700)
        #expect(try store.read(session.id).title == "Changed")
        // No other files are left.
        let files = try FileManager.default.contentsOfDirectory(atPath: store.folder).sorted()
        #expect(files == ["sample.json", "sample.lock"])
        session.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.folder) == ["sample.json"])
    }

    @Test func savingAgainWritesOnlyTheChange() throws {
        let session = try store.create(sample())
        let before = try text(session.id).split(separator: "\n")
        var record = session.record
        record.conversation.update(Message.ID(rawValue: "m3")) { $0.content = "Sleep late." }
        try session.save(record, at: noon)
        let after = try text(session.id).split(separator: "\n")
        #expect(zip(before, after).count { $0 != $1 } == 1 && before.count == after.count)
    }

    /// Deleted messages are removed from the file, and restored ones are written as before, including unknown fields.
    @Test func deletedMessagesAreRemovedFromTheFileAndRestoredExactly() throws {
        try store.create(sample()).close()
        let foreign = try text(SessionID("sample") ?? .new())
            .replacing("\"content\": \"Sleep in.\"", with: "\"content\": \"Sleep in.\",\n      \"mood\": \"lazy\"")
        try folder.write(foreign, to: "home/sessions/sample.json")
        let session = try store.open(SessionID("sample") ?? .new())
        var record = session.record
        try session.save(record, at: noon)
        let before = try text(session.id)
        #expect(before.contains("lazy"))

        let taken = record.conversation.remove(Message.ID(rawValue: "m3"))
        let removal = try #require(taken)
        try session.save(record, at: noon)
        #expect(try !text(session.id).contains("Sleep in."))
        #expect(try store.read(session.id).conversation.path.map(\.content).last == "Start early.")

        record.conversation.restore(removal)
        try session.save(record, at: noon)
        #expect(try text(session.id) == before)
        #expect(try store.read(session.id).conversation.path.map(\.content).last == "And then?")

        let everything = record.conversation.remove(Message.ID(rawValue: "m1"))
        try session.save(record, at: noon)
        #expect(everything?.count == 4)
        #expect(try store.read(session.id).conversation.messages.isEmpty)
    }

    @Test func listIsNewestFirstAndFindUsesAnyName() throws {
        for (index, title) in ["Kyoto", "Osaka plans", "Osaka food"].enumerated() {
            var record = sample("0\(index)SESSION")
            record.title = title
            let session = try store.create(record)
            try session.save(record, at: noon.addingTimeInterval(Double(index)))
        }
        try folder.write("{", to: "home/sessions/broken.json")
        try folder.write("{}", to: "home/sessions/other.json")
        try folder.write("{}", to: "home/sessions/mine.preset.json")
        mkfifo("\(store.folder)/pipe.json", 0o600)
        let list = store.list()
        #expect(list.filter { $0.problem == nil }.map(\.title) == ["Osaka food", "Osaka plans", "Kyoto"])
        #expect(Set(list.filter { $0.problem != nil }.map(\.id.text)) == ["broken", "pipe"])
        #expect(list.first { $0.title == "Kyoto" }?.preview.hasPrefix("What is a good first day? \"京都\"") == true)
        #expect(store.list() == list)

        #expect(try store.find("kyoto").text == "00SESSION")
        #expect(try store.find("02").text == "02SESSION")
        #expect(try store.find("plans").text == "01SESSION")
        #expect(throws: SessionError.self) { try store.find("osaka") }
        #expect(throws: SessionError.self) { try store.find("") }
        #expect(throws: SessionError.notFound(kind: .session, query: "Kyotp", suggestion: "Kyoto")) {
            try store.find("Kyotp")
        }
    }

    @Test func deletedSessionsAreFoundByTitleAndPrefix() throws {
        for (name, title) in [("first", "A day in Kyoto"), ("second", "Sorting"), ("secret", "Sorting things")] {
            try store.create(SessionRecord(id: name, title: title, created: noon)).close()
            try store.delete(try #require(SessionID(name)))
        }
        #expect(Set(store.deletedSessions().map(\.title)) == ["A day in Kyoto", "Sorting", "Sorting things"])
        #expect(try store.findDeleted("kyoto").id.text == "first")
        #expect(try store.findDeleted("FIR").id.text == "first")
        #expect(try store.findDeleted("sorting").id.text == "second")
        #expect(throws: SessionError.self) { try store.findDeleted("sec") }
        #expect(throws: SessionError.notFound(kind: .deletedSession, query: "", suggestion: nil)) {
            try store.findDeleted("")
        }
    }

    @Test func deletedSessionIsRestored() throws {
        try store.create(sample()).close()
        let id = try store.find("sample")
        let before = try text(id)
        try store.delete(id)
        #expect(store.list().isEmpty)
        #expect(throws: SessionError.self) { try store.open(id) }
        try store.restore(id)
        #expect(try text(id) == before)
        #expect(throws: SessionError.self) { try store.restore(id) }
    }

    @Test func sessionIsRenamedAndDuplicated() throws {
        try store.create(sample()).close()
        let id = try store.find("sample")
        try store.rename(id, to: "Two days")
        let copy = try store.duplicate(id)
        #expect(try store.read(copy).title == "Two days (copy)")
        #expect(try store.read(copy).conversation == store.read(id).conversation)
        #expect(throws: SessionError.self) { try store.create(sample()) }
    }

    // MARK: Two programs

    @Test func secondProgramOpensReadOnly() throws {
        let first = try store.create(sample())
        let second = try store.open(first.id)
        #expect(second.access == .readOnly(.heldBy(process: getpid())))
        #expect(second.notices.map(\.description) == ["Read-only: process \(getpid()) has it open"])
        #expect(throws: SessionError.readOnly(.heldBy(process: getpid()))) { try second.save(second.record) }
        #expect(throws: SessionError.self) { try second.beginJournal(message("m9", "m4", .assistant, "")) }
        #expect(throws: SessionError.self) { try store.delete(first.id) }
        second.close()
        try first.save(first.record)
        first.close()
        #expect(try store.open(first.id).access == .writable)
    }

    @Test func lockOfAnotherProgramIsRespectedAndStaleOneReused() throws {
        try store.create(sample()).close()
        let id = try store.find("sample")
        let lock = "\(store.folder)/sample.lock"
        // Another process holds the lock and writes its number into it, as this program does.
        let script = """
            import fcntl, os, sys
            f = open(sys.argv[1], "w"); fcntl.flock(f, fcntl.LOCK_EX)
            f.write(str(os.getpid())); f.flush(); os.write(1, b"x"); sys.stdin.read()
            """
        let input = try #require(ProgramPipe()), output = try #require(ProgramPipe())
        defer { for end in [input.writeEnd, output.readEnd] { close(end) } }
        let holder = try #require(
            ChildProgram("python3", ["-c", script, lock]).start(
                .session, input: .descriptor(input.readEnd), output: .descriptor(output.writeEnd), error: .inherited))
        for end in [input.readEnd, output.writeEnd] { close(end) }
        var sign: UInt8 = 0
        try #require(read(output.readEnd, &sign, 1) == 1)
        #expect(try store.open(id).access == .readOnly(.heldBy(process: holder)))
        kill(holder, SIGKILL)
        ChildProgram.exitCode(of: holder)
        // The lock file still exists.
        #expect(FileManager.default.fileExists(atPath: lock))
        #expect(try store.open(id).access == .writable)
    }

    // MARK: Newer, built-in and damaged sessions

    @Test func newerVersionIsReadOnlyAndUnchanged() throws {
        try store.create(sample()).close()
        let newer = try text(try store.find("sample"))
            .split(separator: "\"version\": 1").joined(separator: "\"version\": 2")
        try folder.write(newer, to: "home/sessions/newer.json")
        let session = try store.open(try store.find("newer"))
        #expect(session.access == .readOnly(.newerVersion(2)))
        #expect(session.record.conversation.path.count == 3)
        #expect(try folder.text("home/sessions/newer.json") == newer)
    }

    @Test func welcomeSessionIsReadOnly() throws {
        let shipped = SessionStore(folder: "\(checkout)/sessions")
        let id = try #require(SessionID("welcome"))
        let session = try shipped.open(id)
        #expect(session.access == .readOnly(.shipped))
        #expect(session.notices == [.readOnly(.shipped)])
        #expect(session.record.conversation.path.count == 6)
        let file = try Data(contentsOf: URL(filePath: "\(checkout)/sessions/welcome.json"))
        #expect(JSONWriter.pretty(session.record.json) == String(decoding: file, as: UTF8.self))
    }

    @Test func truncatedFileIsRecoveredOrUnchanged() throws {
        try store.create(sample()).close()
        var attempts = 0
        let whole = Array(try text(try store.find("sample")).utf8)
        let id = try #require(SessionID("cut"))
        var recovered = 0
        for cut in stride(from: 0, to: whole.count - 1, by: 97) {
            attempts += 1
            let part = Array(whole[..<cut])
            try folder.write(part, to: "home/sessions/cut.json")
            do {
                let session = try store.open(id)
                #expect(session.access == .writable)
                // The damaged file is kept, and the recovered session opens without notices.
                let damaged = try FileManager.default.contentsOfDirectory(atPath: store.folder)
                    .filter { $0.contains(".damaged-") }
                #expect(damaged.count == 1)
                #expect(try Data(contentsOf: URL(filePath: "\(store.folder)/\(damaged[0])")) == Data(part))
                try FileManager.default.removeItem(atPath: "\(store.folder)/\(damaged[0])")
                session.close()
                let again = try store.open(id)
                #expect(again.notices.isEmpty)
                #expect(again.record.conversation == session.record.conversation)
                recovered += 1
            } catch {
                #expect(error is SessionError)
                #expect(try Data(contentsOf: URL(filePath: "\(store.folder)/cut.json")) == Data(part))
            }
        }
        #expect(recovered > attempts * 9 / 10)
    }

    @Test func textBeforeDamageIsRecovered() throws {
        try store.create(sample()).close()
        let whole = try text(try store.find("sample"))
        let cut = try #require(whole.range(of: "And then")).upperBound
        try folder.write(String(whole[..<cut]), to: "home/sessions/cut.json")
        let session = try store.open(try #require(SessionID("cut")))
        #expect(session.record.conversation.messages.map(\.content).suffix(2) == ["Sleep in.", "And then"])
        #expect(session.record.conversation.path.last?.role == .user)
        guard case .recovered(let original?, _)? = session.notices.first else {
            Issue.record("no notice about the recovery")
            return
        }
        #expect(FileManager.default.fileExists(atPath: original))
    }

    // MARK: File system errors

    @Test(.enabled(if: geteuid() != 0, "root can write anywhere"))
    func readOnlyFolderIsATypedError() throws {
        try store.create(sample()).close()
        let id = try store.find("sample")
        chmod(store.folder, 0o500)
        defer { chmod(store.folder, 0o700) }
        let session = try store.open(id)
        #expect(session.access == .readOnly(.notPermitted("permission denied")))
        #expect(throws: SessionError.self) { try store.create(sample("other")) }
    }

    @Test func folderThatCannotBeCreatedIsATypedError() throws {
        try folder.write("", to: "file")
        let store = SessionStore(folder: "\(folder.path)/file/sessions")
        #expect(throws: SessionError.self) { try store.create(sample()) }
        #expect(store.list().isEmpty)
    }

    @Test func fullDiskIsNamed() throws {
        let device = Foundation.open("/dev/full", O_WRONLY)
        try #require(device >= 0)
        defer { Foundation.close(device) }
        let failure = try #require(FileAccess.write([1, 2, 3], to: device))
        #expect(SystemError.reason(failure) == "the disk is full")
    }

    /// Needs a small file system, for example: mount -t tmpfs -o size=64k tmpfs FOLDER
    @Test(.enabled(if: smallDisk != nil, "SOTTO_TEST_SMALL_DISK must name a folder on a disk of 64 KiB"))
    func fullDiskKeepsTheOldFile() throws {
        let store = SessionStore(folder: "\(smallDisk ?? "")/sessions")
        let session = try store.create(sample())
        var record = session.record
        record.conversation.append(message("m5", "m4", .user, String(repeating: "long ", count: 20_000)))
        let path = "\(store.folder)/sample.json"
        #expect(throws: SessionError.cannotWrite(path: path, reason: "the disk is full")) { try session.save(record) }
        #expect(try store.read(session.id).conversation == sample().conversation)
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.folder).count == 2)
        try session.beginJournal(message("m6", "m4", .assistant, ""))
        #expect(throws: SessionError.self) {
            for _ in 0..<100 { try session.appendToJournal(String(repeating: "word ", count: 1000)) }
        }
        session.endJournal()
        try session.save(session.record)
        try FileManager.default.removeItem(atPath: store.folder)
    }

    @Test func temporaryFilesAreIgnoredAndRemoved() throws {
        try store.create(sample()).close()
        try folder.write("{\"half\":", to: "home/sessions/.sample.json.\(nobody)-456.tmp")
        #expect(store.list().count == 1)
        let session = try store.open(try store.find("sample"))
        #expect(session.notices.isEmpty)
        let files = try FileManager.default.contentsOfDirectory(atPath: store.folder).sorted()
        #expect(files == ["sample.json", "sample.lock"])
    }
}
