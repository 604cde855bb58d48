import Chat
import Files
import Foundation
import JSON
import Testing

@testable import Sessions

/// Files that other programs use as well: changed while they are open, links, file systems without locks.
@Suite struct SharedFileTests {
    let folder: TemporaryFolder
    let store: SessionStore

    init() throws {
        folder = try TemporaryFolder()
        store = SessionStore(folder: "\(folder.path)/home/sessions")
    }

    private var home: SottoHome {
        SottoHome(
            environment: ["SOTTO_HOME": "\(folder.path)/home"], executable: "/nowhere/bin/sotto", workingFolder: "/")
    }

    private func changed(_ title: String) -> SessionRecord {
        var record = sample()
        record.title = title
        return record
    }

    // MARK: Changed while open

    @Test(arguments: [true, false]) func bothVersionsOfASessionAreKept(isNew: Bool) throws {
        var session = try store.create(sample())
        if !isNew {
            session.close()
            session = try store.open(session.id)
        }
        let file = "home/sessions/sample.json"
        try folder.write(JSONWriter.pretty(changed("Theirs").json), to: file)
        let notices = try session.save(changed("Ours"), at: noon)
        #expect(notices == [.changedElsewhere(kept: "the session \"Theirs (changed elsewhere)\"")])
        #expect(try store.read(session.id).title == "Ours")
        #expect(Set(store.list().map(\.title)) == ["Ours", "Theirs (changed elsewhere)"])
        // Once it is settled, there is nothing more to say.
        #expect(try session.save(changed("Ours again"), at: noon).isEmpty)
        #expect(store.list().count == 2)
    }

    @Test func aForeignVersionThatIsNoSessionIsKeptAsAFile() throws {
        let session = try store.create(sample())
        try folder.write("half a ses", to: "home/sessions/sample.json")
        let notices = try session.save(changed("Ours"), at: noon)
        guard case .changedElsewhere(let kept)? = notices.first else {
            Issue.record("nothing was said")
            return
        }
        #expect(kept.hasPrefix("\(store.folder)/sample.json.changed-"))
        #expect(try FileAccess.read(kept) == Array("half a ses".utf8))
        #expect(try store.read(session.id).title == "Ours")
    }

    /// A backup that was restored, or a commit that was checked out.
    @Test func theSameContentWrittenAgainIsNoChange() throws {
        let session = try store.create(sample())
        let text = try folder.text("home/sessions/sample.json")
        try FileManager.default.removeItem(atPath: "\(store.folder)/sample.json")
        try folder.write(text, to: "home/sessions/sample.json")
        #expect(try session.save(changed("Ours"), at: noon).isEmpty)
        // Nor is a file that is gone: there is nothing to keep.
        try FileManager.default.removeItem(atPath: "\(store.folder)/sample.json")
        #expect(try session.save(changed("Ours again"), at: noon).isEmpty)
        #expect(store.list().map(\.title) == ["Ours again"])
    }

    /// Each of two chats changes what the other has left.
    @Test func preferencesOfAnotherChatAreKept() throws {
        _ = try Preferences.update(in: home) { $0.theme = "nord" }
        try folder.write("{\"theme\": \"dark\", \"volume\": 11}", to: "home/preferences.json")
        _ = try Preferences.update(in: home) { $0.model = "SmolLM2" }
        let text = try folder.text("home/preferences.json")
        #expect(text == "{\n  \"model\": \"SmolLM2\",\n  \"theme\": \"dark\",\n  \"volume\": 11\n}\n")
    }

    @Test func preferencesThatCannotBeReadAreKept() throws {
        try FileAccess.makeFolder(home.folder)
        try folder.write("{\"theme\": \"dark\",,}", to: "home/preferences.json")
        #expect(Preferences.load(from: home) == Preferences())
        let kept = try #require(try Preferences.update(in: home) { $0.mouse = true })
        #expect(try FileAccess.read(kept) == Array("{\"theme\": \"dark\",,}".utf8))
        #expect(Preferences.load(from: home).mouse == true)
        #expect(try Preferences.update(in: home) { $0.mouse = false } == nil)
    }

    // MARK: Links

    @Test func linksRemainLinks() throws {
        try FileAccess.makeFolder("\(folder.path)/synced")
        try FileAccess.makeFolder(home.presets)
        try store.create(sample()).close()
        try FileAccess.move("\(store.folder)/sample.json", to: "\(folder.path)/synced/sample.json")
        for (link, target) in [
            ("home/sessions/sample.json", "../../synced/sample.json"),
            ("home/sessions/sample.draft", "../../synced/draft"), ("home/preferences.json", "../synced/preferences"),
            ("home/sessions/presets/kyoto.preset.json", "../../../synced/kyoto"),
        ] { symlink(target, "\(folder.path)/\(link)") }

        let session = try store.open(try #require(SessionID("sample")))
        try session.save(changed("Ours"), at: noon)
        session.close()
        let drafts = DraftStore(folder: store.folder)
        try drafts.save(Draft(page: Draft.Page(text: "Hello", line: 0, column: 5)), for: session.id)
        _ = try Preferences.update(in: home) { $0.theme = "nord" }
        let presets = PresetStore(folder: home.presets, shippedFolder: nil)
        try presets.save(Preset(name: "kyoto", summary: "Trips", system: nil, settings: GenerationSettings()))

        #expect(try folder.names(in: "synced") == ["draft", "kyoto", "preferences", "sample.json"])
        for link in ["sessions/sample.json", "sessions/sample.draft", "preferences.json"] {
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(home.folder)/\(link)").hasPrefix(".."))
        }
        #expect(try store.read(session.id).title == "Ours")
        #expect(Preferences.load(from: home).theme == "nord")
        #expect(try presets.load("kyoto").summary == "Trips")
    }

    // MARK: No locks

    @Test func withoutLocksSessionsAreWritableAndThatIsSaidOnce() throws {
        let store = SessionStore(folder: store.folder, locks: FileLocks { _ in ENOLCK })
        let first = try store.create(sample())
        #expect(first.access == .writable)
        #expect(first.notices == [.noLocks(SystemError.reason(ENOLCK))])
        first.close()
        let again = try store.open(first.id)
        #expect(again.access == .writable && again.notices.isEmpty)
        try again.save(changed("Saved"), at: noon)
        #expect(try store.create(sample("other")).notices.isEmpty)

        let drafts = DraftStore(folder: store.folder, locks: FileLocks { _ in ENOLCK })
        let draft = Draft(page: Draft.Page(text: "Hello", line: 0, column: 5))
        try drafts.save(draft, for: first.id)
        #expect(DraftStore(folder: store.folder, locks: FileLocks { _ in ENOLCK }).load(first.id) == draft)
    }
}
