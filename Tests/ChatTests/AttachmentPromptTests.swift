import Chat
import Foundation
import Testing

@Suite struct AttachmentPromptTests {
    @Test func fileIsInFencedBlockUnderItsName() {
        #expect(Attachment(name: "src/a.py", content: "x = 1").promptText == "src/a.py:\n```py\nx = 1\n```\n")
        #expect(Attachment(name: "Makefile", content: "all:\n").promptText == "Makefile:\n```\nall:\n```\n")
        #expect(Attachment(name: "empty", content: "").promptText == "empty:\n```\n```\n")
    }

    @Test func fenceIsLongerThanAnyInTheFile() {
        let text = Attachment(name: "a.md", content: "````\ncode\n````\n").promptText
        #expect(text == "a.md:\n`````md\n````\ncode\n````\n`````\n")
    }

    @Test func filesComeBeforeTheText() {
        var message = Message(id: .init(rawValue: "m1"), parent: nil, role: .user, created: Date(), content: "Why?")
        #expect(message.promptText == "Why?")
        message.attachments = [Attachment(name: "a", content: "1"), Attachment(name: "b", content: "2")]
        #expect(message.promptText == "a:\n```\n1\n```\n\nb:\n```\n2\n```\n\nWhy?")
    }
}
