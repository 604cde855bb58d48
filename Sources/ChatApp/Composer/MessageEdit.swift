import Chat
import TUI

/// An earlier message whose text is being edited in the input; sending it adds an alternative.
struct MessageEdit: Sendable, Equatable {
    var message: Message.ID
    /// The draft that was in the input before; it comes back afterwards.
    var draft: TextEditor
    var attachments: [Attachment]
}

extension Composer {
    /// Puts a message's text and files into the input.
    fileprivate mutating func beginEdit(of message: Message) {
        edit = MessageEdit(
            message: message.id, draft: edit?.draft ?? input, attachments: edit?.attachments ?? attachments)
        input = TextEditor(message.content)
        attachments = message.attachments
    }

    /// Ends the edit without sending it. Its text stays available in the history.
    mutating func cancelEdit() {
        guard edit != nil else { return }
        if !input.isEmpty { history.add(input.text) }
        endEdit()
    }

    /// Brings back the draft that was there before.
    fileprivate mutating func endEdit() {
        guard let edit else { return }
        input = edit.draft
        attachments = edit.attachments
        self.edit = nil
    }
}

extension AppState {
    /// Puts a message's text into the input; Enter sends it as a new branch.
    mutating func beginEdit(of message: Message) {
        if let reason = session.record.readOnly {
            notify(.warning, "This session is read-only: \(reason)", about: .session)
            return
        }
        composer.beginEdit(of: message)
        reading.selection = nil
        if let entry = session.transcript.position(of: message.id) { revealEntry(entry) }
    }

    /// `/edit [N]`: edits the Nth message of the shown branch, or the user's last one.
    mutating func editMessage(numbered number: String) throws(CommandError) -> [Effect] {
        let message =
            try session.message(numbered: number) ?? session.record.conversation.path.last { $0.role == .user }
        guard let message else { throw CommandError("There is no message to edit yet") }
        beginEdit(of: message)
        return []
    }

    /// Adds the edited text as an alternative of the message. A user's message gets a new reply; an edited reply stays
    /// as the user wrote it.
    mutating func sendEditedMessage(_ text: String, replacing id: Message.ID) -> [Effect] {
        guard let original = session.record.conversation[id] else { return [] }
        let files = composer.outgoingAttachments
        if text == original.content, files == original.attachments {
            notify(.info, "Unchanged, so no new branch")
            composer.endEdit()
            return []
        }
        if original.role == .user, !canStartReply(.message(text)) { return [] }
        let message = Message(
            id: session.record.conversation.nextID(), parent: original.parent, role: original.role, created: now,
            content: text, attachments: files)
        session.record.conversation.append(message)
        composer.history.add(text)
        composer.endEdit()
        screen.notices.dismissAll()
        guard original.role == .user else {
            reading.scroll = .following
            return saveSession()
        }
        return saveSession() + startReply(to: message.id, previousHead: nil)
    }
}
