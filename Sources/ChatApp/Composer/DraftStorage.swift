import Chat
import TUI

/// The draft as the chat holds it. It is converted to a `Draft` off the chat's thread, since it may be long.
public struct DraftSnapshot: Sendable, Equatable {
    struct Page: Sendable, Equatable {
        var editor: TextEditor
        var attachments: [Attachment]
    }

    var page: Page
    var edit: (message: Message.ID, page: Page)?

    public static func == (a: DraftSnapshot, b: DraftSnapshot) -> Bool { a.draft == b.draft }

    public var draft: Draft {
        Draft(page: page.draft, edit: edit.map { Draft.Edit(message: $0.message, page: $0.page.draft) })
    }
}

extension DraftSnapshot.Page {
    fileprivate var draft: Draft.Page {
        Draft.Page(
            text: editor.text, line: editor.cursor.line, column: editor.cursor.column, attachments: attachments)
    }

    fileprivate init(_ page: Draft.Page) {
        editor = TextEditor(page.text)
        editor.move(to: TextEditor.Position(line: page.line, column: page.column))
        attachments = page.attachments
    }
}

extension Composer {
    fileprivate var snapshot: DraftSnapshot {
        let shown = DraftSnapshot.Page(editor: input, attachments: attachments)
        guard let edit else { return DraftSnapshot(page: shown) }
        let behind = DraftSnapshot.Page(editor: edit.draft, attachments: edit.attachments)
        return DraftSnapshot(page: behind, edit: (edit.message, shown))
    }

    private mutating func show(_ page: DraftSnapshot.Page) {
        input = page.editor
        attachments = page.attachments
    }

    /// Shows a saved draft, unless another one has been started: then the saved text goes to the history.
    ///
    /// - Parameter conversation: the session's; an edit of a message that it lacks is not resumed.
    fileprivate mutating func restore(_ saved: Draft, in conversation: Conversation) {
        guard isDraftEmpty else {
            if !saved.page.text.isEmpty { history.add(saved.page.text) }
            return
        }
        show(DraftSnapshot.Page(saved.page))
        if let restored = saved.edit, conversation[restored.message] != nil {
            edit = MessageEdit(message: restored.message, draft: input, attachments: attachments)
            show(DraftSnapshot.Page(restored.page))
        }
        draft.isOnDisk = true
    }
}

extension AppState {
    /// Writes the draft to disk, so that a crash loses none of it.
    mutating func saveDraft() -> [Effect] {
        composer.draft.saveDue = nil
        // Another program has the session open, and may have saved a draft of its own.
        guard session.record.readOnly == nil else { return [] }
        composer.draft.isOnDisk = true
        return [.saveDraft(session: session.record.id, composer.snapshot)]
    }

    /// Removes the draft from disk: it was sent, or nothing is left of it.
    mutating func removeSavedDraft() -> Effect {
        composer.draft.isOnDisk = false
        return .saveDraft(session: session.record.id, nil)
    }

    /// Resumes the draft that was saved when the session was last open.
    mutating func restoreDraft(_ draft: Draft, of id: SessionRecord.ID) {
        guard id == session.record.id else { return }
        composer.restore(draft, in: session.record.conversation)
    }

    /// Puts the draft away because another session opens. It stays with its own session, unless the other one is new
    /// and empty, or was requested before anything was typed: then the draft moves to it.
    mutating func stashDraft(for next: SessionRecord) -> [Effect] {
        let moves = composer.typesAhead || next.conversation.messages.isEmpty
        composer.typesAhead = false
        var effects: [Effect] = []
        if moves {
            if composer.draft.isOnDisk { effects.append(removeSavedDraft()) }
        } else {
            if composer.draft.saveDue != nil { effects += saveDraft() }
            if session.record.readOnly == nil || composer.isDraftEmpty {
                composer.input = TextEditor()
                composer.attachments = []
            }
        }
        composer.draft = DraftStatus()
        composer.draft.isTouched = true
        return effects
    }
}
