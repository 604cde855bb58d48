import Chat
import TUI

/// An earlier message on its way to become an alternative: its text stands in the input.
struct MessageEdit: Sendable, Equatable {
    var message: Message.ID
    /// What stood in the input before; it comes back afterwards.
    var draft: TextEditor
    var attachments: [Attachment]
}

extension AppState {
    /// Puts a message's text into the input; Enter begins a branch with it.
    mutating func beginEdit(of message: Message) {
        if let reason = session.record.readOnly {
            notify(.warning, "this session is read-only: \(reason)")
            return
        }
        composer.edit = MessageEdit(
            message: message.id, draft: composer.edit?.draft ?? composer.input,
            attachments: composer.edit?.attachments ?? composer.attachments)
        composer.input = TextEditor(message.content)
        composer.attachments = message.attachments
        reading.selection = nil
        if let entry = session.transcript.position(of: message.id) { reveal(entry) }
    }

    mutating func cancelEdit() {
        guard let edit = composer.edit else { return }
        if !composer.input.isEmpty { composer.history.add(composer.input.text) }
        endEdit(edit)
    }

    private mutating func endEdit(_ edit: MessageEdit) {
        composer.input = edit.draft
        composer.attachments = edit.attachments
        composer.edit = nil
    }

    /// `/edit [N]`: the Nth message of the shown branch; the last one by the person where no number is given.
    mutating func edit(_ number: String) throws(CommandError) -> [Effect] {
        let message = try message(numbered: number) ?? session.record.conversation.path.last { $0.role == .user }
        guard let message else { throw CommandError("there is no message to edit yet") }
        beginEdit(of: message)
        return []
    }

    /// A message of the shown branch by its number, from 1; nil where none is given.
    func message(numbered number: String) throws(CommandError) -> Message? {
        if number.isEmpty { return nil }
        let path = session.record.conversation.path
        guard let wanted = Int(number), path.indices.contains(wanted - 1) else {
            throw CommandError("messages have the numbers 1 to \(path.count), not '\(number)'")
        }
        return path[wanted - 1]
    }

    /// Adds the edited text beside the message it came from. What a person said is answered anew; a reply stands as
    /// they have written it.
    mutating func send(_ text: String, insteadOf edit: MessageEdit) -> [Effect] {
        guard let original = session.record.conversation[edit.message] else { return [] }
        let files = outgoing
        if text == original.content, files == original.attachments {
            notify(.info, "the text is as it was: nothing to branch")
            endEdit(edit)
            return []
        }
        if original.role == .user, !canStartReply() { return [] }
        let message = Message(
            id: session.record.conversation.nextID(), parent: original.parent, role: original.role, created: now,
            content: text, attachments: files)
        session.record.conversation.append(message)
        composer.history.add(text)
        endEdit(edit)
        screen.notices.dismissAll()
        guard original.role == .user else {
            reading.scroll = .following
            return save()
        }
        return save() + startReply(to: message.id, previousHead: nil)
    }
}
