import Chat
import Files
import Foundation
import JSON
import Testing

@testable import Sessions

/// What a crash leaves, at every point of saving.
@Suite struct SessionLeftoverTests {
    let folder: TemporaryFolder
    let store: SessionStore
    private let id: SessionID

    init() throws {
        folder = try TemporaryFolder()
        store = SessionStore(folder: "\(folder.path)/sessions")
        id = try #require(SessionID("sample"))
    }

    /// A session with one message more than `sample`, saved later.
    private var later: SessionRecord {
        var record = sample()
        record.conversation.append(message("m9", "m4", .user, "Shown before the crash"))
        record.updated = noon + 60
        return record
    }

    private func write(_ record: SessionRecord, asStrayWith number: Int = 1, cutBy bytes: Int = 0) throws {
        let text = JSONWriter.pretty(record.json).utf8.dropLast(bytes)
        try folder.write(text, to: "sessions/.\(record.id).json.\(nobody)-\(number).tmp")
    }

    /// Sets a file's date to so many seconds ago.
    private func age(_ name: String, _ seconds: Int) {
        let time = timeval(tv_sec: time(nil) - seconds, tv_usec: 0)
        utimes("\(folder.path)/sessions/\(name)", [time, time])
    }

    @Test func aSessionThatWasBeingSavedIsCompleted() throws {
        try store.create(sample()).close()
        age("sample.json", 10)
        try write(later)
        #expect(store.removeLeftovers() == id)
        #expect(try store.read(id).conversation.messages.last?.content == "Shown before the crash")
        #expect(try folder.names(in: "sessions") == ["sample.json"])
    }

    @Test func soIsOneThatHasNoFileYet() throws {
        try FileAccess.makeFolder(store.folder)
        try write(later)
        try folder.write("", to: "sessions/sample.lock")
        #expect(store.removeLeftovers() == id)
        #expect(store.list().map(\.messageCount) == [5])
        #expect(try folder.names(in: "sessions") == ["sample.json"])
    }

    /// A program that opens the session completes it too, if nothing was started in between.
    @Test func openingCompletesIt() throws {
        try store.create(sample()).close()
        age("sample.json", 10)
        try write(later)
        let session = try store.open(id)
        #expect(session.record.conversation.messages.count == 5)
        #expect(session.notices.isEmpty)
    }

    @Test func theLatestCompleteOneCounts() throws {
        try store.create(sample()).close()
        age("sample.json", 30)
        try write(later)
        var latest = later
        latest.title = "Latest"
        try write(latest, asStrayWith: 2)
        try write(latest, asStrayWith: 3, cutBy: 40)
        for (number, seconds) in [(1, 20), (2, 15), (3, 10)] { age(".sample.json.\(nobody)-\(number).tmp", seconds) }
        #expect(store.removeLeftovers() == id)
        #expect(try store.read(id).title == "Latest")
        #expect(try folder.names(in: "sessions") == ["sample.json"])
    }

    /// Each is older than the session in one way: by the file's date, or by its own.
    @Test(arguments: [true, false]) func olderOnesAreRemoved(byFileDate: Bool) throws {
        try store.create(byFileDate ? sample() : later).close()
        var stray = later
        stray.title = "Old"
        stray.updated = byFileDate ? noon + 60 : noon
        try write(stray)
        age(".sample.json.\(nobody)-1.tmp", byFileDate ? 10 : 0)
        age("sample.json", byFileDate ? 0 : 10)
        #expect(store.removeLeftovers() == nil)
        #expect(try store.read(id).title == sample().title)
        #expect(try folder.names(in: "sessions") == ["sample.json"])
    }

    @Test func aDamagedSessionIsKeptWhenItIsReplaced() throws {
        try FileAccess.makeFolder(store.folder)
        try folder.write("{\"format\": \"sotto.ses", to: "sessions/sample.json")
        age("sample.json", 10)
        try write(later)
        #expect(store.removeLeftovers() == id)
        let names = try folder.names(in: "sessions")
        #expect(names.count == 2 && names[1].hasPrefix("sample.json.damaged-"))
    }

    @Test func otherLeftoversAreRemovedAndWhatIsHeldStays() throws {
        let held = try store.create(sample("held"))
        let staged = try store.stage(later)
        for name in [".a.journal.\(nobody)-1.tmp", ".a.draft.\(nobody)-2.tmp", "never-saved.lock"] {
            try folder.write("x", to: "sessions/\(name)")
        }
        #expect(store.removeLeftovers() == nil)
        let names = try folder.names(in: "sessions")
        #expect(names.count == 3 && names.contains("held.lock") && names.contains("held.json"))
        #expect(try store.create(later, staged: staged).record.conversation.messages.count == 5)
        held.close()
    }

    /// Without locks, the number in a lock file shows whether its program runs.
    @Test func locksOfEndedProgramsAreRemovedWithoutSystemLocks() throws {
        let store = SessionStore(folder: store.folder, locks: FileLocks { _ in ENOLCK })
        try FileAccess.makeFolder(store.folder)
        try folder.write("\(getpid())\n", to: "sessions/running.lock")
        try folder.write("\(nobody)\n", to: "sessions/ended.lock")
        #expect(store.removeLeftovers() == nil)
        #expect(try folder.names(in: "sessions") == ["running.lock"])
    }

    @Test func leftoversOfOtherFilesAreRemoved() throws {
        let home = SottoHome(
            environment: ["SOTTO_HOME": "\(folder.path)/home"], executable: "/nowhere/bin/sotto", workingFolder: "/")
        try FileAccess.makeFolder("\(home.folder)/cache")
        try FileAccess.makeFolder(home.presets)
        try FileAccess.makeFolder("\(folder.path)/dotfiles")
        symlink("../dotfiles/sotto.json", home.preferences)
        _ = try Preferences.update(in: home) { $0.theme = "nord" }
        let strays = [
            "home/.preferences.json.\(nobody)-1.tmp", "home/.dat.nosync7FFFFFFF.aBcDeF",
            "home/cache/.speeds.json.\(nobody)-1.tmp", "home/cache/.dat.nosync7FFFFFFF.aBcDeF",
            "home/sessions/presets/.kyoto.preset.json.\(nobody)-1.tmp", "dotfiles/.sotto.json.\(nobody)-1.tmp",
        ]
        for stray in strays { try folder.write("x", to: stray) }
        try folder.write("x", to: "dotfiles/.other.\(nobody)-1.tmp")
        home.removeLeftovers()
        #expect(try folder.names(in: "home") == ["cache", "preferences.json", "sessions"])
        #expect(try folder.names(in: "home/cache").isEmpty && folder.names(in: "home/sessions/presets").isEmpty)
        #expect(try folder.names(in: "dotfiles") == [".other.\(nobody)-1.tmp", "sotto.json"])
        #expect(Preferences.load(from: home).theme == "nord")
    }
}
