import TUI

/// What a key does.
enum KeyAction: Sendable, Equatable {
    /// Edits the line that is typed: the draft, a filter, a search.
    case edit(EditCommand)
    case send
    /// Goes to the next suggestion or the previous one.
    case complete(Int)
    case inCompletion(CompletionAction)
    /// Nothing: help describes a click by it.
    case click
    /// Removes the last attachment.
    case detach
    /// A line up or down; at the edge, the message history.
    case rowUp, rowDown
    case scroll(ScrollStep)
    /// Selects the previous or next message; after the last one comes the input.
    case select(Int)
    /// Back to the input.
    case deselect
    case onMessage(MessageAction)
    case search(SearchAction)
    case history(HistoryAction)
    /// Opens the draft in the user's editor.
    case editOutside
    /// Toggles raw text and rendered Markdown.
    case toggleSource
    /// Shows or hides the latest reasoning.
    case toggleReasoning
    /// Toggles the colouring of replies by probability.
    case toggleProbabilities
    case redraw
    /// Stops a reply, or dismisses a notice.
    case escape
    /// Stops the reply; when idle, clears the input or, pressed twice, quits.
    case interrupt
    /// Quits if the input is empty, else deletes a character.
    case deleteOrQuit
    /// The top or end of the conversation while the input is empty, else of the line.
    case home, end

    /// Opens or closes a panel.
    case open(PanelKind)
    case closePanel
    case movePanel(PanelMove)
    /// Details of the selected row in place of the rows, or the rows again.
    case toggleDetails
    case panel(PanelAction)

    /// An action that only one panel has.
    static func own(_ action: some Hashable & Sendable) -> KeyAction { .panel(PanelAction(action)) }
}
