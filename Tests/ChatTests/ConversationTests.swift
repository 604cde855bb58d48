import Chat
import Foundation
import Testing

@Suite struct ConversationTests {
    private func message(_ id: String, _ parent: String?, _ role: Message.Role = .user) -> Message {
        Message(
            id: Message.ID(rawValue: id), parent: parent.map(Message.ID.init(rawValue:)), role: role,
            created: Date(timeIntervalSince1970: 0), content: "text of \(id)")
    }

    private func id(_ text: String) -> Message.ID { Message.ID(rawValue: text) }

    @Test func pathLeadsToTheHead() {
        var conversation = Conversation()
        for next in [message("a", nil), message("b", "a"), message("c", "b"), message("d", "b")] {
            let isNew = conversation.append(next)
            #expect(isNew)
        }
        #expect(conversation.path.map(\.id.rawValue) == ["a", "b", "d"])
        #expect(conversation.siblings(of: id("c")).map(\.id.rawValue) == ["c", "d"])
        conversation.moveHead(to: id("c"))
        #expect(conversation.path.map(\.id.rawValue) == ["a", "b", "c"])
        conversation.moveHead(to: nil)
        #expect(conversation.path.isEmpty && conversation.messages.count == 4)
    }

    @Test func appendRejectsUnknownParentsAndDuplicateIDs() {
        var conversation = Conversation()
        conversation.append(message("a", nil))
        let isTwice = conversation.append(message("a", nil))
        let isOrphan = conversation.append(message("b", "nobody"))
        #expect(!isTwice && !isOrphan)
        conversation.moveHead(to: id("nobody"))
        #expect(conversation.head == id("a"))
    }

    /// a ─ b ─ c ─ e
    ///      └ d ─ f
    private func forked() -> Conversation {
        var conversation = Conversation()
        for (name, parent) in [("a", nil), ("b", "a"), ("c", "b"), ("d", "b"), ("e", "c"), ("f", "d")] {
            conversation.append(message(name, parent))
        }
        return conversation
    }

    @Test func subtreeContainsAllThatFollow() {
        let conversation = forked()
        #expect(conversation.subtree(of: id("b")).map(\.id.rawValue) == ["b", "c", "d", "e", "f"])
        #expect(conversation.subtree(of: id("c")).map(\.id.rawValue) == ["c", "e"])
        #expect(conversation.subtree(of: id("nobody")).isEmpty)
        #expect(conversation.latestLeaf(below: id("a")) == id("f"))
        #expect(conversation.latestLeaf(below: id("c")) == id("e"))
        #expect(conversation.latestLeaf(below: id("e")) == id("e"))
    }

    @Test(
        arguments: [
            ("a", [], nil), ("d", ["a", "b", "c", "e"], "e"), ("f", ["a", "b", "c", "d", "e"], "d"),
            ("c", ["a", "b", "d", "f"], "f"),
        ] as [(String, [String], String?)])
    func restoringUndoesRemovalExactly(removed: String, left: [String], head: String?) throws {
        let before = forked()
        var conversation = before
        let taken = conversation.remove(id(removed))
        let removal = try #require(taken)
        #expect(conversation.messages.map(\.id.rawValue) == left)
        #expect(conversation.head?.rawValue == head)
        #expect(removal.count == 6 - left.count)
        #expect(!before.messages.map(\.id).contains(conversation.nextID()))
        conversation.restore(removal)
        #expect(conversation == before)
    }

    @Test func removalsAreRestoredInReverseOrderAroundNewMessages() throws {
        let before = forked()
        var conversation = before
        let removals = [conversation.remove(id("d")), conversation.remove(id("c"))].compactMap(\.self)
        try #require(removals.count == 2)
        let added = conversation.nextID()
        conversation.append(message(added.rawValue, "b"))
        for removal in removals.reversed() { conversation.restore(removal) }
        #expect(conversation.messages.map(\.id.rawValue) == ["a", "b", "c", "d", "e", "f", added.rawValue])
        #expect(conversation.head == id("f"))
        var none = conversation
        let nothing = none.remove(id("nobody"))
        #expect(nothing == nil)
        #expect(none == conversation)
    }

    @Test func updateCannotChangeIDOrParent() {
        var conversation = Conversation()
        conversation.append(message("a", nil))
        conversation.append(message("b", "a"))
        conversation.update(id("b")) {
            $0.id = self.id("z")
            $0.parent = nil
            $0.content = "new"
        }
        #expect(conversation[id("b")]?.content == "new")
        #expect(conversation[id("b")]?.parent == id("a"))
        #expect(conversation.nextID() == id("m3"))
    }
}
