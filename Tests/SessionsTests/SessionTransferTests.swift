import Chat
import Foundation
import JSON
import Sessions
import Testing

/// Search, export and import.
@Suite struct SessionTransferTests {
    let folder: TemporaryFolder
    let store: SessionStore

    init() throws {
        folder = try TemporaryFolder()
        store = SessionStore(folder: "\(folder.path)/sessions")
    }

    private func make(_ name: String, _ texts: String...) throws -> SessionID {
        var record = SessionRecord(id: name, title: name, created: noon)
        for (index, text) in texts.enumerated() {
            let parent = index == 0 ? nil : "m\(index)"
            record.conversation.append(message("m\(index + 1)", parent, index % 2 == 0 ? .user : .assistant, text))
        }
        try store.create(record).close()
        return try #require(SessionID(name))
    }

    // MARK: Searching

    @Test func searchFindsTextWithContext() throws {
        let long =
            String(repeating: "before ", count: 30) + "a Lighthouse\nby the sea"
            + String(repeating: " after", count: 30)
        let first = try make("first", "Tell me", long)
        let second = try make("second", "lighthouse", "yes", "LIGHTHOUSE again")
        _ = try make("third", "nothing here")
        let hits = Dictionary(uniqueKeysWithValues: store.search("lighthouse").hits.map { ($0.id, $0.excerpts) })
        #expect(Set(hits.keys) == [first, second])
        #expect(hits[second] == ["lighthouse", "LIGHTHOUSE again"])
        let excerpt = try #require(hits[first]?.first)
        #expect(excerpt.hasPrefix("…") && excerpt.hasSuffix("…"))
        #expect(excerpt.contains("a Lighthouse by the sea after"))
        #expect(excerpt.count < 120)
        #expect(store.search("").hits.isEmpty)
        #expect(store.search("format").hits.isEmpty)
        #expect(store.search("sotto.session").hits.isEmpty)
    }

    /// Quotes and line ends are escaped in files, and case folding applies to accented letters.
    @Test(arguments: ["say \"hi\"", "back\\slash", "ünïcode", "料理", "two\nlines"])
    func searchFindsEscapedText(query: String) throws {
        let id = try make("odd", "I say \"hi\" to back\\slash, ÜNÏCODE, 料理 and two\nlines")
        #expect(store.search(query).hits.map(\.id) == [id])
    }

    @Test func aSearchThatEndsAtItsLimitSaysSo() throws {
        for number in 1...3 { _ = try make("s\(number)", "needle") }
        #expect(store.search("needle", limit: 3).isComplete)
        let found = store.search("needle", limit: 2)
        #expect(found.hits.count == 2 && !found.isComplete)
        #expect(!store.search("needle", isCancelled: { true }).isComplete)
    }

    @Test func searchCanBeCancelledAndSkipsDamagedFiles() throws {
        let id = try make("good", "needle")
        try folder.write("{\"format\": \"sotto.session\", \"messages\": [needle", to: "sessions/damaged.json")
        try folder.write("needle", to: "sessions/strange.json")
        #expect(store.search("needle").hits.map(\.id) == [id])
        #expect(store.search("needle", isCancelled: { true }).hits.isEmpty)
    }

    // MARK: Exporting

    @Test func exportIsReadableOrImportable() throws {
        try store.create(sample()).close()
        let id = try store.find("sample")
        let markdown = try store.export(id, to: "\(folder.path)/day.md", as: .markdown)
        #expect(markdown == "\(folder.path)/day.md")
        let beginning = "# A day in Kyoto\n\n## System prompt\n\nBe kind.\n\n## You\n\nWhat is"
        #expect(try folder.text("day.md").hasPrefix(beginning))
        // Only the shown branch.
        #expect(try folder.text("day.md").hasSuffix("## Assistant\n\nSleep in.\n\n## You\n\nAnd then?\n"))
        #expect(try folder.mode("day.md") == 0o600)

        let json = try store.export(id, to: "\(folder.path)/day.json", as: .json)
        let (copy, warnings) = try store.importFile(json)
        #expect(warnings.isEmpty)
        #expect(copy != id)
        let (before, after) = (try store.read(id), try store.read(copy))
        #expect(after.conversation == before.conversation)
        #expect(after.settings == before.settings)
        #expect(after.title == before.title && after.system == before.system && after.model == before.model)
    }

    @Test func existingFilesAreNotOverwritten() throws {
        let id = try make("one", "text")
        try folder.write("mine", to: "out.md")
        #expect(throws: SessionError.self) { try store.export(id, to: "\(folder.path)/out.md", as: .markdown) }
        #expect(try folder.text("out.md") == "mine")
        for number in 2...3 {
            let path = try store.export(id, to: "\(folder.path)/out.md", as: .markdown, isNumbered: true)
            #expect(path == "\(folder.path)/out \(number).md")
        }
        #expect(throws: SessionError.self) { try store.export(id, to: "\(folder.path)/no/such.md", as: .markdown) }
    }

    // MARK: Importing

    @Test func invalidPartsOfAnImportAreSkippedWithWarnings() throws {
        try folder.write(
            """
            { "format": "sotto.session", "version": 1, "id": "../../evil", "title": 7,
              "messages": [ { "role": "user", "content": "kept" }, 9, { "role": "king", "content": "x" } ] }
            """, to: "odd.json")
        let (id, warnings) = try store.importFile("\(folder.path)/odd.json")
        #expect(!warnings.isEmpty)
        #expect(try store.read(id).conversation.messages.first?.content == "kept")
        #expect(try folder.names().sorted() == ["odd.json", "sessions"])
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"format\": \"sotto.preset\"}", "\u{0}", "{\"format\":\"sotto.session\",\"version\":99}",
    ])
    func otherFilesAreNotImported(text: String) throws {
        try folder.write(text, to: "bad.json")
        #expect(throws: SessionError.self) { try store.importFile("\(folder.path)/bad.json") }
        #expect(store.list().isEmpty)
    }

    @Test func onlyRegularFilesAreImported() throws {
        mkfifo("\(folder.path)/pipe", 0o600)
        for path in ["\(folder.path)/pipe", folder.path, "\(folder.path)/none", "/dev/zero"] {
            #expect(throws: SessionError.self) { try store.importFile(path) }
        }
    }
}
