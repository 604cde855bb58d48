import Foundation
import Sessions
import Testing

/// The welcome session of an installed program, which is in a folder of its own.
@Suite struct ShippedSessionTests {
    private let folder: TemporaryFolder
    private let store: SessionStore
    private let id: SessionID

    init() throws {
        folder = try TemporaryFolder()
        store = SessionStore(folder: "\(folder.path)/own", shippedFolder: "\(checkout)/sessions")
        id = try #require(SessionID("welcome"))
    }

    @Test func isListedAndOpenedReadOnly() throws {
        #expect(store.list().map(\.id) == [id])
        let session = try store.open(try store.find("Welcome to Sotto"))
        #expect(session.access == .readOnly(.shipped) && session.record.conversation.path.count == 6)
        #expect(throws: SessionError.self) { try store.delete(id) }
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/own"))
    }

    @Test func isHiddenByTheUsersOwn() throws {
        let text = try String(contentsOfFile: "\(checkout)/sessions/welcome.json", encoding: .utf8)
        try FileManager.default.createDirectory(atPath: store.folder, withIntermediateDirectories: true)
        try folder.write(text.replacing("Welcome to Sotto", with: "Mine"), to: "own/welcome.json")
        #expect(store.list().map(\.title) == ["Mine"])
    }

    @Test func canBeDuplicated() throws {
        let copy = try store.duplicate(id)
        #expect(store.list().count == 2 && copy != id)
        try store.delete(copy)
        #expect(store.deleted() == [copy])
    }
}
