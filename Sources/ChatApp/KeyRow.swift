import TUI

/// Where key presses go.
enum KeyContext: Sendable, CaseIterable {
    /// The draft.
    case input
    /// The selected message.
    case message
    /// The field of a search.
    case search
    /// The tree of branches, and two of them side by side.
    case tree, compare
    /// The search in what was sent before.
    case history
    /// The settings with the next token, and a reply's tokens.
    case sampling, tokens
    /// The candidates for what is typed.
    case completion
    /// A question in a list.
    case prompt
    case text
    case list, sessionList, presetList
}

/// What a key does.
enum KeyAction: Sendable, Equatable {
    /// In the line that is written: the draft, a filter, a search.
    case edit(EditCommand)
    case send
    /// To the next candidate or the one before.
    case complete(Int)
    case inCompletion(CompletionAction)
    /// What the mouse points at says what it does; help tells about it.
    case click
    /// In the question that a list asks.
    case answer(PromptAction)
    /// Takes the last attached file away.
    case detach
    /// Row up and down; at the edge the input history.
    case rowUp, rowDown
    case scroll(ScrollStep)
    /// The message before or after; after the last one comes the input.
    case select(Int)
    /// Back to the input.
    case deselect
    case onMessage(MessageAction)
    case search(SearchAction)
    case inTree(TreeAction)
    case inComparison(CompareAction)
    case history(HistoryAction)
    /// Hands the draft to the person's editor.
    case editOutside
    /// In the open text.
    case read(ScrollStep)
    /// In the open list.
    case pick(PickAction)
    /// Replies as they were written, or as Markdown.
    case toggleSource
    case inSampling(SamplingAction)
    case inTokens(TokenAction)
    /// Opens or folds what the latest reply was thought out with.
    case toggleThoughts
    /// All that is told of the selected row of a panel, or its rows again.
    case toggleDetails
    case open(PanelKind)
    case closePanel
    case redraw
    /// Colours by probability, on and off.
    case toggleProbabilities
    /// Closes the nearest thing: a notice, a running reply.
    case escape
    /// Stops the reply; when idle empties the input or, pressed twice, leaves.
    case interrupt
    /// Leaves when the input is empty, else deletes to the right.
    case deleteOrLeave
    /// Top and end of the conversation while the input is empty, of the input's line otherwise.
    case home, end
}

/// One line of the key map: help shows it, `KeyMap` looks keys up in it.
struct KeyRow: Sendable {
    enum Group: String, Sendable, CaseIterable {
        case completion = "Candidates", writing = "Writing", history = "Searching what was sent"
        case message = "On a message", search = "Searching", prompt = "Answering"
        case tree = "Branches", compare = "Side by side", sampling = "Sampling", tokens = "Tokens"
        case list = "In the list", session = "On a session", preset = "On a preset", text = "In a text"
        case reply = "Reply", reading = "Reading", line = "In the line", closing = "Closing", panels = "Panels"

        /// Where keys of this group apply.
        var contexts: Set<KeyContext> {
            switch self {
            case .completion: [.completion]
            case .writing: [.input]
            case .history: [.history]
            case .message: [.message]
            case .search: [.search]
            case .prompt: [.prompt]
            case .tree: [.tree]
            case .compare: [.compare]
            case .sampling: [.sampling]
            case .tokens: [.tokens]
            case .reply, .reading: [.input, .message]
            case .text: [.text]
            case .list: [.list, .sessionList, .presetList]
            case .session: [.sessionList]
            case .preset: [.presetList]
            case .line: [.input, .search, .prompt, .list, .sessionList, .presetList]
            case .closing: [.tree, .compare, .sampling, .tokens, .text, .list, .sessionList, .presetList]
            case .panels: Set(KeyContext.allCases)
            }
        }
    }

    var group: Group
    var keys: [Key]
    var action: KeyAction
    var summary: String
    /// In a word, for the status line; nil for keys that are not named there.
    var label: String?

    init(_ group: Group, _ keys: [Key], _ action: KeyAction, _ summary: String, label: String? = nil) {
        self.group = group
        self.keys = keys
        self.action = action
        self.summary = summary
        self.label = label
    }

    /// What a click does, where nothing but the place of it says so.
    static func click(_ group: Group, _ summary: String) -> KeyRow { KeyRow(group, [], .click, summary) }

    /// A row for each of nine digits, which help tells about in one.
    static func digits(_ group: Group, _ action: (Int) -> KeyAction, _ summary: String) -> [KeyRow] {
        (1...9).map { KeyRow(group, [.character(Character(String($0)))], action($0), summary) }
    }

    /// Every key of the row, as help shows them.
    var keyNames: String {
        if action == .click { return "click" }
        let digits = keys.filter { if case .character(let key) = $0 { key.isNumber } else { false } }
        if let first = digits.first, let last = digits.last, digits.count > 2, digits == keys {
            return "\(first) … \(last)"
        }
        return keys.map(\.description).uniqued().joined(separator: ", ")
    }
}
