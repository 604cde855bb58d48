/// What the user was writing, saved so that nothing is lost when the program ends.
public struct Draft: Sendable, Equatable {
    public var page: Page
    /// The message that is being edited and its new text; `page` is then the draft to return to.
    public var edit: Edit?

    /// A text being written.
    public struct Page: Sendable, Equatable {
        public var text: String
        /// The cursor is before this character of this line, both from 0.
        public var line: Int
        public var column: Int
        public var attachments: [Attachment]

        public init(text: String, line: Int, column: Int, attachments: [Attachment] = []) {
            self.text = text
            self.line = line
            self.column = column
            self.attachments = attachments
        }

        public var isEmpty: Bool { text.isEmpty && attachments.isEmpty }
    }

    public struct Edit: Sendable, Equatable {
        public var message: Message.ID
        public var page: Page

        public init(message: Message.ID, page: Page) {
            self.message = message
            self.page = page
        }
    }

    public init(page: Page, edit: Edit? = nil) {
        self.page = page
        self.edit = edit
    }
}
