import Chat
import TUI

/// The message being written, and what helps to write it.
public struct Composer: Sendable {
    /// The draft's text. Only the user's own keys remove it.
    public internal(set) var input = TextEditor() { didSet { writing.isTouched = true } }
    /// Files that are sent with it.
    public internal(set) var attachments: [Attachment] = [] { didSet { writing.isTouched = true } }
    var writing = WritingState()
    /// The message whose text is being edited in the input.
    var edit: MessageEdit?
    var history: InputHistory
    /// nil while the history is not being searched.
    var historySearch: HistorySearch?
    var completion: Completion?
    /// The draft was empty when another session was asked for: what is typed until it opens is meant for it.
    var typesAhead = false
    /// Enter was pressed before there was a model, and nothing since.
    var sendsWhenModelComes = false

    /// - Parameter history: what was sent in earlier runs, the oldest first.
    init(history: [String]) { self.history = InputHistory(history) }
}
