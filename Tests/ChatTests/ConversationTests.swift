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

    @Test func showsThePathToItsHead() {
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

    @Test func refusesUnknownParentsAndKnownIDs() {
        var conversation = Conversation()
        conversation.append(message("a", nil))
        let isTwice = conversation.append(message("a", nil))
        let isOrphan = conversation.append(message("b", "nobody"))
        #expect(!isTwice && !isOrphan)
        conversation.moveHead(to: id("nobody"))
        #expect(conversation.head == id("a"))
    }

    @Test func updateCannotChangeWhoAMessageIs() {
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
