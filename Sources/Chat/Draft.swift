/// What a person was writing when the program ended: all that is needed to go on as if nothing had happened.
public struct Draft: Sendable, Equatable {
    public var page: Page
    /// The message that is being edited, and its new text, while `page` waits behind it.
    public var edit: Edit?

    /// A text being written.
    public struct Page: Sendable, Equatable {
        public var text: String
        /// Where the cursor stands: before which character of which line, from 0.
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
