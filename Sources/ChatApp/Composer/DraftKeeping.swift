import Chat
import TUI

/// The draft as the chat holds it. It is made a `Draft` away from the chat's thread, for it may be long.
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

extension AppState {
    /// Writes the draft to disk, so that a crash loses none of it.
    mutating func keepDraft() -> [Effect] {
        composer.writing.saveDue = nil
        // Another program holds the session, and may have a draft of its own there.
        guard session.record.readOnly == nil else { return [] }
        composer.writing.isOnDisk = true
        return [.saveDraft(session: session.record.id, snapshot)]
    }

    /// Takes the draft off the disk: it was sent, or nothing is left of it.
    mutating func forgetDraft() -> Effect {
        composer.writing.isOnDisk = false
        return .saveDraft(session: session.record.id, nil)
    }

    private var snapshot: DraftSnapshot {
        let shown = DraftSnapshot.Page(editor: composer.input, attachments: composer.attachments)
        guard let edit = composer.edit else { return DraftSnapshot(page: shown) }
        let behind = DraftSnapshot.Page(editor: edit.draft, attachments: edit.attachments)
        return DraftSnapshot(page: behind, edit: (edit.message, shown))
    }

    /// Goes on with what was being written when the session was last open.
    mutating func restore(_ draft: Draft, of id: SessionRecord.ID) {
        guard id == session.record.id else { return }
        guard isDraftEmpty else {
            // What is being written now goes before; the other stays in reach.
            if !draft.page.text.isEmpty { composer.history.add(draft.page.text) }
            return
        }
        show(DraftSnapshot.Page(draft.page))
        if let restored = draft.edit, session.record.conversation[restored.message] != nil {
            composer.edit = MessageEdit(
                message: restored.message, draft: composer.input, attachments: composer.attachments)
            show(DraftSnapshot.Page(restored.page))
        }
        composer.writing.isOnDisk = true
    }

    private mutating func show(_ page: DraftSnapshot.Page) {
        composer.input = page.editor
        composer.attachments = page.attachments
    }

    /// Another session comes: the draft stays with its own, unless the other one is new and empty, or was asked for before
    /// anything was written; then it comes along.
    mutating func leaveDraft(for next: SessionRecord) -> [Effect] {
        let comesAlong = composer.typesAhead || next.conversation.messages.isEmpty
        composer.typesAhead = false
        var effects: [Effect] = []
        if comesAlong {
            if composer.writing.isOnDisk { effects.append(forgetDraft()) }
        } else {
            if composer.writing.saveDue != nil { effects += keepDraft() }
            if session.record.readOnly == nil || isDraftEmpty {
                composer.input = TextEditor()
                composer.attachments = []
            }
        }
        composer.writing = WritingState()
        composer.writing.isTouched = true
        return effects
    }
}
