import Chat
import Foundation
import Testing

@testable import Sessions

@Suite struct DraftStoreTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "sotto-drafts-\(UUID().uuidString)")
        .path

    private var draft: Draft {
        let file = Attachment(name: "a.txt", content: "\u{1B}[2J\"quoted\"\n", tokens: 7)
        let page = Draft.Page(text: "one\n日本語 👨‍👩‍👧", line: 1, column: 2, attachments: [file])
        return Draft(
            page: page,
            edit: Draft.Edit(message: .init(rawValue: "m3"), page: Draft.Page(text: "e", line: 0, column: 1)))
    }

    @Test func draftIsSavedPrivatelyAndLoaded() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = DraftStore(folder: folder)
        let id = SessionID.new()
        try store.save(draft, for: id)
        #expect(store.load(id) == draft)
        let file = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(id).draft")
        #expect(file[.posixPermissions] as? Int == 0o600)
        store.remove(id)
        #expect(store.load(id) == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test func draftOfAnotherProgramIsNotLoaded() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let id = SessionID.new()
        let other = DraftStore(folder: folder)
        try other.save(draft, for: id)
        let store = DraftStore(folder: folder)
        #expect(store.load(id) == nil)
        #expect(store.unsent() == nil)
        other.close()
        #expect(store.load(id) == draft)
        #expect(store.unsent()?.id == id)
    }

    @Test func onlyDraftsWithoutSessionAreUnsent() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sessions = SessionStore(folder: folder)
        let id = SessionID.new()
        try sessions.create(SessionRecord(id: id.text, created: Date())).close()
        let store = DraftStore(folder: folder)
        try store.save(draft, for: id)
        store.close()
        #expect(store.unsent() == nil)
        #expect(sessions.list().count == 1)
        try sessions.delete(id)
        #expect(store.load(id) == nil)
    }

    @Test(arguments: [
        "", "{", "[]", "{\"format\":\"sotto.session\"}", "{\"format\":\"sotto.draft\",\"text\":3,\"line\":-1}",
    ])
    func damagedDraftDoesNotCrash(text: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let id = SessionID.new()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(id).draft"))
        #expect(DraftStore(folder: folder).load(id)?.page.text ?? "" == "")
    }
}
