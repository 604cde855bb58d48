import Chat
import TUI

/// The message being written, and what helps to write it.
public struct Composer: Sendable {
    /// The draft's text. Only the user's own keys remove it.
    public internal(set) var input = TextEditor() { didSet { draft.isTouched = true } }
    /// Files attached to the draft.
    public internal(set) var attachments: [Attachment] = [] { didSet { draft.isTouched = true } }
    var draft = DraftStatus()
    /// The message whose text is being edited in the input.
    var edit: MessageEdit?
    var history: InputHistory
    /// nil while the history is not being searched.
    var historySearch: HistorySearch?
    var completion: Completion?
    /// The draft was empty when another session was requested, so text typed until it opens belongs to that session.
    var typesAhead = false
    /// Enter was pressed before there was a model, and no key since.
    var sendsWhenModelComes = false

    /// - Parameter history: what was sent in earlier runs, oldest first.
    init(history: [String]) { self.history = InputHistory(history) }

    var isDraftEmpty: Bool { input.isEmpty && attachments.isEmpty && edit == nil }

    /// Whether the draft is a slash command, not a message.
    var isCommand: Bool {
        edit == nil && input.lines[0].first == "/" && input.lines[0].dropFirst().first != "/"
    }

    /// The text before the cursor in its line.
    var textBeforeCursor: ArraySlice<Character> { input.lines[input.cursor.line][..<input.cursor.column] }
}
